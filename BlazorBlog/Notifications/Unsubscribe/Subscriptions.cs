using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Notifications.Templates;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Unsubscribe;

/// <summary>What the links in a mail can do for the address they were sent to, without an account.</summary>
public sealed class Subscriptions(IDbContextFactory<BlogDbContext> contexts, WriteGate gate, TimeProvider time)
{
    public async Task<bool> IsStoppedAsync(NotificationLinkOwner owner, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Suppressions.AnyAsync(s => s.Address == owner.Email && s.Channel == NotificationChannel.Email, cancellationToken);
    }

    /// <summary>No more mail to this address. Idempotent.</summary>
    public async Task StopAsync(NotificationLinkOwner owner, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await db.Suppressions.SingleOrDefaultAsync(s => s.Address == owner.Email && s.Channel == NotificationChannel.Email, cancellationToken);
        if (known is null)
        {
            db.Suppressions.Add(new Suppression
            {
                Address = owner.Email,
                Channel = NotificationChannel.Email,
                Reason = SuppressionReason.OptedOut,
                CreatedAt = time.GetUtcNow(),
            });
        }
        else
        {
            known.Reason = SuppressionReason.OptedOut;
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Takes the person's own stop back; an address that cannot receive stays out.</summary>
    public async Task ResumeAsync(NotificationLinkOwner owner, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Suppressions.RemoveRange(await db.Suppressions
            .Where(s => s.Address == owner.Email && s.Channel == NotificationChannel.Email && s.Reason == SuppressionReason.OptedOut)
            .ToListAsync(cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The guest has proved to read the mailbox.</summary>
    /// <returns>False when the guest uses another address by now, or there is no such guest.</returns>
    public async Task<bool> ConfirmAsync(NotificationLinkOwner owner, CancellationToken cancellationToken)
    {
        if (RecipientKey.GuestId(owner.RecipientKey) is not { } id)
        {
            return false;
        }

        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await db.Guests.SingleOrDefaultAsync(g => g.Id == id && g.NormalizedEmail == owner.Email, cancellationToken);
        known?.ConfirmEmail(time.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        return known is not null;
    }
}

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
