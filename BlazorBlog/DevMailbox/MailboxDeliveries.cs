using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Recipients;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.DevMailbox;

/// <summary>Reads from the ledger what the mailbox shows of it.</summary>
internal sealed class MailboxDeliveries(IDbContextFactory<BlogDbContext> contexts)
{
    private const int MostUnsent = 50;
    private const int ExcerptLength = 200;

    /// <returns>By <see cref="MailboxMessage.Name"/>; a message that the ledger does not know has no entry.</returns>
    public async Task<IReadOnlyDictionary<string, Delivery>> FindAsync(IReadOnlyList<MailboxMessage> messages, CancellationToken cancellationToken)
    {
        var ids = messages.Select(message => message.DeliveryId ?? NotificationMessageId.ReadDelivery(message.MessageId)).OfType<Guid>().Distinct().ToList();
        var comments = messages.Select(message => NotificationMessageId.ReadComment(message.MessageId)).OfType<Guid>().Distinct().ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var deliveries = await db.Deliveries.AsNoTracking()
            .Where(delivery => ids.Contains(delivery.Id) || (delivery.CommentId != null && comments.Contains(delivery.CommentId.Value) && delivery.Channel == NotificationChannel.Email))
            .Include(delivery => delivery.History.OrderBy(attempt => attempt.At))
            .ToListAsync(cancellationToken);

        var sms = deliveries.Where(delivery => delivery.Channel == NotificationChannel.Sms).ToDictionary(delivery => delivery.Id);
        var mails = deliveries.Where(delivery => delivery.Channel == NotificationChannel.Email).ToDictionary(NotificationMessageId.LocalPart);
        var found = new Dictionary<string, Delivery>();
        foreach (var message in messages)
        {
            if (message.DeliveryId is { } id ? sms.TryGetValue(id, out var delivery) : mails.TryGetValue(message.MessageId.Split('@')[0], out delivery))
            {
                found.Add(message.Name, delivery);
            }
        }

        return found;
    }

    /// <summary>The newest notices that were deliberately not sent.</summary>
    public async Task<IReadOnlyList<UnsentNotification>> ReadUnsentAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Deliveries.AsNoTracking()
            .Where(delivery => delivery.State == DeliveryState.NotSent && delivery.Reason != null)
            .OrderByDescending(delivery => delivery.CreatedAt).ThenByDescending(delivery => delivery.Id)
            .Take(MostUnsent)
            .Join(db.Comments, delivery => delivery.CommentId, comment => (Guid?)comment.Id, (delivery, comment) => new UnsentNotification(
                delivery.Id,
                delivery.CreatedAt,
                delivery.Channel,
                delivery.Reason!.Value,
                delivery.RecipientKey,
                comment.Id,
                comment.Post!.Slug,
                comment.AuthorName,
                comment.Body.Substring(0, ExcerptLength)))
            .ToListAsync(cancellationToken);

        var names = await ReadNamesAsync(db, rows, cancellationToken);
        return
        [
            .. rows.OrderByDescending(row => row.At).ThenByDescending(row => row.DeliveryId)
                .Select(row => row with { Recipient = names.GetValueOrDefault(row.Recipient, row.Recipient) }),
        ];
    }

    private static async Task<Dictionary<string, string>> ReadNamesAsync(BlogDbContext db, List<UnsentNotification> rows, CancellationToken cancellationToken)
    {
        var userIds = rows.Select(row => RecipientKey.UserId(row.Recipient)).OfType<Guid>().Distinct().ToList();
        var guestIds = rows.Select(row => RecipientKey.GuestId(row.Recipient)).OfType<Guid>().Distinct().ToList();
        var users = await db.Users.Where(user => userIds.Contains(user.Id)).Select(user => new { user.Id, user.DisplayName }).ToListAsync(cancellationToken);
        var guests = await db.Guests.Where(guest => guestIds.Contains(guest.Id)).Select(guest => new { guest.Id, guest.Name }).ToListAsync(cancellationToken);
        return users.Select(user => KeyValuePair.Create(RecipientKey.OfUser(user.Id), user.DisplayName))
            .Concat(guests.Select(guest => KeyValuePair.Create(RecipientKey.OfGuest(guest.Id), guest.Name)))
            .ToDictionary();
    }
}
