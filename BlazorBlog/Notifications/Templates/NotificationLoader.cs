using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Data;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Notifications.Recipients;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Templates;

/// <summary>Reads what notices say, at the time of sending: the text as it is now, the address as it is now.</summary>
internal sealed class NotificationLoader(
    IDbContextFactory<BlogDbContext> contexts, SiteSettings site, EmailSettings email, TimeProvider time)
{
    /// <summary>Comments that a moderator's mail shows.</summary>
    private const int MostWaiting = 10;

    /// <summary>A reader who has the thread visible for longer than this without reaching the comment gets the notice.</summary>
    private static readonly TimeSpan LongestPresence = TimeSpan.FromMinutes(30);

    /// <returns>For each delivery its notice, or the reason why it must not be sent any more, or not yet.</returns>
    public async Task<IReadOnlyList<LoadedNotification>> ReadAsync(
        IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var commentIds = deliveries.Select(delivery => delivery.CommentId).OfType<Guid>().Distinct().ToList();
        var comments = await db.Comments.AsNoTracking()
            .Where(comment => commentIds.Contains(comment.Id))
            .Select(comment => new Row(
                new NotificationComment(comment.Id, comment.ParentId, comment.AuthorName, comment.Body, comment.Html, comment.CreatedAt),
                new NotificationPost(comment.PostId, comment.Post!.Slug, comment.Post.Title),
                comment.Parent!.UserId,
                comment.Parent.GuestId,
                comment.Status == CommentStatus.Approved && comment.RemovedAt == null,
                comment.Status == CommentStatus.Approved || comment.Status == CommentStatus.Pending ? comment.RemovedAt : null,
                db.OutboxMessages.Where(message => message.CommentId == comment.Id && message.Kind == OutboxKind.CommentPublished).Select(message => message.TraceParent).FirstOrDefault(),
                db.OutboxMessages.Where(message => message.CommentId == comment.Id && message.Kind == OutboxKind.CommentHeld).OrderByDescending(message => message.EventNumber).Select(message => message.TraceParent).FirstOrDefault()))
            .ToDictionaryAsync(row => row.Comment.Id, cancellationToken);
        var people = await ReadPeopleAsync(db, deliveries, cancellationToken);
        var addresses = people.Values.SelectMany(person => new[] { person.NormalizedEmail, person.Phone }).OfType<string>().Distinct().ToList();
        var suppressed = await SuppressionList.ReadAsync(db, addresses, time.GetUtcNow(), cancellationToken);
        var waiting = await ReadWaitingAsync(db, deliveries, people, cancellationToken);
        var present = await ReadPresentAsync(db, deliveries, comments, cancellationToken);

        return [.. deliveries.Select(delivery =>
        {
            var reason = Compose(delivery, comments, people, suppressed, waiting, out var notice);
            return reason is NotSentReason.Removed or NotSentReason.NothingWaits && RestorableUntil(delivery, comments) is { } until
                ? new LoadedNotification(delivery, null, null, until)
                : new LoadedNotification(delivery, notice, reason, reason is null ? present.GetValueOrDefault(delivery.Id) : null);
        })];
    }

    /// <returns>Until when the writer may still take back that they removed the comment; null afterwards.</returns>
    private DateTimeOffset? RestorableUntil(Delivery delivery, Dictionary<Guid, Row> comments) =>
        comments.GetValueOrDefault(delivery.CommentId!.Value)?.RemovedByWriterAt + Comment.RestoreWindow is { } until && until > time.GetUtcNow() ? until : null;

    /// <returns>By delivery, how long the sign of life of its recipient holds.</returns>
    private async Task<Dictionary<Guid, DateTimeOffset?>> ReadPresentAsync(
        BlogDbContext db, IReadOnlyList<Delivery> deliveries, Dictionary<Guid, Row> comments, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var news = deliveries
            .Where(delivery => delivery is { Event: NotificationEvent.CommentPublished, Attempts: 0, SendStartedAt: null } && delivery.CreatedAt > now - LongestPresence)
            .ToList();
        if (news.Count == 0)
        {
            return [];
        }

        var keys = news.Select(delivery => delivery.RecipientKey).Distinct().ToList();
        var readers = await db.ThreadReaders.AsNoTracking()
            .Where(reader => keys.Contains(reader.RecipientKey) && reader.Until > now).ToListAsync(cancellationToken);
        return news
            .Select(delivery => (delivery.Id, Until: readers
                .Where(reader => reader.RecipientKey == delivery.RecipientKey && reader.PostId == comments.GetValueOrDefault(delivery.CommentId!.Value)?.Post.Id)
                .Max(reader => (DateTimeOffset?)reader.Until)))
            .Where(reader => reader.Until is not null)
            .ToDictionary(reader => reader.Id, reader => reader.Until);
    }

    /// <returns>By recipient; authors look after their posts, default recipients after the blog.</returns>
    private async Task<Dictionary<string, HeldComments>> ReadWaitingAsync(
        BlogDbContext db, IReadOnlyList<Delivery> deliveries, Dictionary<string, Recipient> people, CancellationToken cancellationToken)
    {
        var all = email.DefaultRecipients.Select(EmailAddress.Normalize).ToHashSet();
        var found = new Dictionary<string, HeldComments>();
        foreach (var key in deliveries.Where(delivery => delivery.Event == NotificationEvent.CommentHeld).Select(delivery => delivery.RecipientKey).Distinct())
        {
            var waiting = db.Comments.AsNoTracking().Where(comment => comment.Status == CommentStatus.Pending && comment.RemovedAt == null);
            if (people.GetValueOrDefault(key)?.NormalizedEmail is not { } address || !all.Contains(address))
            {
                var author = RecipientKey.UserId(key);
                waiting = waiting.Where(comment => comment.Post!.AuthorId == author);
            }

            found[key] = new HeldComments(
                await waiting.CountAsync(cancellationToken),
                await waiting.OrderByDescending(comment => comment.CreatedAt).Take(MostWaiting)
                    .Select(comment => new HeldComment(comment.AuthorName, comment.Body, comment.Post!.Title, comment.HoldReason))
                    .ToListAsync(cancellationToken));
        }

        return found;
    }

    private NotSentReason? Compose(
        Delivery delivery,
        Dictionary<Guid, Row> comments,
        Dictionary<string, Recipient> people,
        Dictionary<(string, NotificationChannel), SuppressionReason> suppressed,
        Dictionary<string, HeldComments> waiting,
        out CommentNotification? notice)
    {
        notice = null;
        var isAboutWaiting = delivery.Event == NotificationEvent.CommentHeld;
        var row = comments.GetValueOrDefault(delivery.CommentId!.Value);
        var person = people.GetValueOrDefault(delivery.RecipientKey);
        var eligibility = new Eligibility(
            delivery.Event,
            delivery.Channel,
            // The comment that caused the notice may be settled by now while others wait.
            row is not null && (isAboutWaiting ? waiting[delivery.RecipientKey].Count > 0 : row.IsVisible),
            person,
            delivery.AskedAddress,
            person?.NormalizedAddress(delivery.Channel) is { } key && suppressed.TryGetValue((key, delivery.Channel), out var suppression) ? suppression : null);
        if (eligibility.ReasonAgainst() is { } reason)
        {
            return reason;
        }

        notice = new CommentNotification(
            delivery,
            person!.Address(delivery.Channel)!,
            person.Name,
            person.Culture ?? site.Culture,
            TimeZoneInfo.FindSystemTimeZoneById(person.TimeZone ?? site.TimeZone),
            (row!.ParentUserId is { } userId && delivery.RecipientKey == RecipientKey.OfUser(userId)) || (row.ParentGuestId is { } guestId && delivery.RecipientKey == RecipientKey.OfGuest(guestId)),
            row.Comment,
            row.Post,
            isAboutWaiting ? waiting[delivery.RecipientKey] : null)
        {
            TraceParent = isAboutWaiting ? row.HeldBy : row.PublishedBy,
        };
        return null;
    }

    private static async Task<Dictionary<string, Recipient>> ReadPeopleAsync(
        BlogDbContext db, IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var keys = deliveries.Select(delivery => delivery.RecipientKey).Distinct().ToList();
        var userIds = keys.Select(RecipientKey.UserId).OfType<Guid>().ToList();
        var guestIds = keys.Select(RecipientKey.GuestId).OfType<Guid>().ToList();
        List<BlogUser> users = userIds.Count == 0 ? [] : await db.Users.AsNoTracking().Where(user => userIds.Contains(user.Id)).ToListAsync(cancellationToken);
        List<Guest> guests = guestIds.Count == 0 ? [] : await db.Guests.AsNoTracking().Where(guest => guestIds.Contains(guest.Id)).ToListAsync(cancellationToken);
        return keys.Select(RecipientKey.Email).OfType<string>().Select(Recipient.OfEmail)
            .Concat(keys.Select(RecipientKey.Phone).OfType<string>().Select(Recipient.OfPhone))
            .Concat(users.Select(Recipient.Of))
            .Concat(guests.Select(guest => Recipient.Of(guest)))
            .ToDictionary(person => person.Key);
    }

    private sealed record Row(
        NotificationComment Comment, NotificationPost Post, Guid? ParentUserId, Guid? ParentGuestId, bool IsVisible, DateTimeOffset? RemovedByWriterAt, string? PublishedBy, string? HeldBy);
}
