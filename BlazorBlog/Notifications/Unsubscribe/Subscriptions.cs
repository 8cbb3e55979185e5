using BlazorBlog.Comments;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Notifications.Templates;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Unsubscribe;

/// <summary>What the links in a mail can do for the address they were sent to, without an account.</summary>
public sealed class Subscriptions(IDbContextFactory<BlogDbContext> contexts, WriteGate gate, SuppressionList suppressions, TimeProvider time)
{
    /// <summary>Other guests of an address that a page shows: more than one person's browsers, few enough to be read.</summary>
    private const int MostOthers = 10;

    /// <summary>Their comments that are looked at; each guest may have several.</summary>
    private const int MostComments = 100;

    public async Task<SubscriptionState> ReadAsync(NotificationLinkOwner owner, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var reasons = await SuppressionList.InForce(db, time.GetUtcNow())
            .Where(s => s.Address == owner.Email && s.Channel == NotificationChannel.Email)
            .Select(s => s.Reason).ToListAsync(cancellationToken);
        return new SubscriptionState(reasons.Contains(SuppressionReason.OptedOut), reasons.Exists(reason => reason != SuppressionReason.OptedOut));
    }

    /// <summary>No more mail to this address. Idempotent.</summary>
    public Task StopAsync(NotificationLinkOwner owner, CancellationToken cancellationToken) =>
        suppressions.AddAsync(owner.Email, NotificationChannel.Email, SuppressionReason.OptedOut, cancellationToken);

    /// <summary>Takes the person's own stop back; an address that cannot receive stays out.</summary>
    public Task ResumeAsync(NotificationLinkOwner owner, CancellationToken cancellationToken) =>
        suppressions.RemoveAsync(owner.Email, NotificationChannel.Email, SuppressionReason.OptedOut, cancellationToken);

    /// <summary>
    /// Comments that other browsers left with the same address and the wish for mail. Their questions may not have been mailed, because a mailbox
    /// gets one that is not answered a day; whoever reads the mailbox sees here which of them are theirs.
    /// </summary>
    public async Task<IReadOnlyList<UnconfirmedGuest>> ReadOthersAsync(NotificationLinkOwner owner, CancellationToken cancellationToken)
    {
        var self = RecipientKey.GuestId(owner.RecipientKey);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var comments = await db.Comments.AsNoTracking()
            .Where(comment => comment.NotifyReplies && comment.Status == CommentStatus.Approved && comment.RemovedAt == null
                && comment.GuestId != self && comment.Guest!.NormalizedEmail == owner.Email && comment.Guest.EmailConfirmedAt == null && comment.Guest.UserId == null)
            .OrderByDescending(comment => comment.CreatedAt)
            .Take(MostComments)
            .Select(comment => new UnconfirmedGuest(comment.GuestId!.Value, comment.AuthorName, comment.Post!.Title, comment.Body))
            .ToListAsync(cancellationToken);
        return [.. comments.DistinctBy(comment => comment.GuestId).Take(MostOthers)];
    }

    /// <summary>The guest has proved to read the mailbox.</summary>
    /// <param name="owner">Who followed the link.</param>
    /// <param name="others">Guests who are the same person, as that person says; those of other addresses are passed over.</param>
    /// <param name="cancellationToken">Stops before the save.</param>
    /// <returns>False when the guest uses another address by now, or there is no such guest.</returns>
    public async Task<bool> ConfirmAsync(NotificationLinkOwner owner, IReadOnlyCollection<Guid> others, CancellationToken cancellationToken)
    {
        if (RecipientKey.GuestId(owner.RecipientKey) is not { } id)
        {
            return false;
        }

        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await db.Guests.Where(g => g.NormalizedEmail == owner.Email && (g.Id == id || others.Contains(g.Id))).ToListAsync(cancellationToken);
        if (!known.Exists(guest => guest.Id == id))
        {
            return false;
        }

        known.ForEach(guest => guest.ConfirmEmail(time.GetUtcNow()));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }
}

/// <param name="IsStopped">Its owner stopped the mail.</param>
/// <param name="IsRefused">Earlier mail came back, or was reported as unwanted.</param>
public sealed record SubscriptionState(bool IsStopped, bool IsRefused);

/// <summary>A guest who typed an address and has not confirmed it, with the newest comment.</summary>
/// <param name="GuestId">Who.</param>
/// <param name="Name">As typed.</param>
/// <param name="PostTitle">Where.</param>
/// <param name="Body">Markdown as typed.</param>
public sealed record UnconfirmedGuest(Guid GuestId, string Name, string PostTitle, string Body);

/// <summary>What a page behind a mail's link shows.</summary>
public enum SubscriptionViewKind
{
    Manage,
    Unsubscribe,
    Confirm,
    Confirmed,

    /// <summary>The link is damaged, or speaks for an address that is no longer used.</summary>
    Invalid,
}
