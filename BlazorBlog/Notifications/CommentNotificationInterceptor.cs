using BlazorBlog.Comments;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Data;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorBlog.Notifications;

/// <summary>
/// Writes the intent to notify in the same SaveChanges as the comment that causes it, so both are committed or neither. Readers are told of
/// a comment that is added approved or comes into sight later, moderators of one that begins to wait. Holds no state: all contexts share it.
/// </summary>
public sealed class CommentNotificationInterceptor(TimeProvider time) : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        if (eventData.Context is BlogDbContext { IsImporting: false } db)
        {
            var pending = PendingNotifications(db);
            AddOutboxMessages(db, pending, pending.Exists(notification => notification.MayExist) ? [.. Existing(db, pending)] : []);
        }

        return result;
    }

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is BlogDbContext { IsImporting: false } db)
        {
            var pending = PendingNotifications(db);
            AddOutboxMessages(db, pending, pending.Exists(notification => notification.MayExist) ? await Existing(db, pending).ToListAsync(cancellationToken) : []);
        }

        return result;
    }

    // A list, because the tracker may not be added to while it is enumerated.
    private static List<PendingNotification> PendingNotifications(BlogDbContext db) => [.. db.ChangeTracker.Entries<Comment>().Select(Read).OfType<PendingNotification>()];

    private static PendingNotification? Read(EntityEntry<Comment> entry)
    {
        var comment = entry.Entity;
        var isNew = entry.State == EntityState.Added;
        if ((!isNew && entry.State != EntityState.Modified) || comment.RemovedAt is not null)
        {
            return null;
        }

        var trace = comment.TraceParent ?? TraceContext.Current;
        CommentStatus? before = isNew ? null : entry.Property(c => c.Status).OriginalValue;
        return comment.Status switch
        {
            _ when comment.Status == before => null,
            CommentStatus.Approved => new PendingNotification(comment.Id, OutboxKind.CommentPublished, EventNumber: 0, MayExist: !isNew, trace),
            // A comment that a moderator put back to pending needs no notice to moderators.
            CommentStatus.Pending when comment.HoldReason != HoldReason.Moderator =>
                new PendingNotification(comment.Id, OutboxKind.CommentHeld, comment.Sequence, MayExist: false, trace),
            _ => null,
        };
    }

    /// <summary>A comment that was visible before it was hidden causes no second notice when it is shown again.</summary>
    private static IQueryable<OutboxMessage> Existing(BlogDbContext db, List<PendingNotification> pending)
    {
        var ids = pending.Where(notification => notification.MayExist).Select(notification => notification.CommentId).ToList();
        return db.OutboxMessages.AsNoTracking().Where(message => ids.Contains(message.CommentId) && message.Kind == OutboxKind.CommentPublished);
    }

    private void AddOutboxMessages(BlogDbContext db, List<PendingNotification> pending, List<OutboxMessage> existing)
    {
        if (pending.Count == 0)
        {
            return;
        }

        // A save that failed and is repeated on this context still tracks the message of its first try.
        var already = db.ChangeTracker.Entries<OutboxMessage>()
            .Where(entry => entry.State == EntityState.Added)
            .Select(entry => entry.Entity)
            .Concat(existing)
            .Select(message => (message.CommentId, message.Kind))
            .ToHashSet();

        var now = time.GetUtcNow();
        db.OutboxMessages.AddRange(pending.Where(notification => !already.Contains((notification.CommentId, notification.Kind))).Select(notification => new OutboxMessage
        {
            Kind = notification.Kind,
            EventNumber = notification.EventNumber,
            CommentId = notification.CommentId,
            CreatedAt = now,
            TraceParent = notification.TraceParent,
        }));
    }

    /// <param name="CommentId">The comment.</param>
    /// <param name="Kind">What is to be told.</param>
    /// <param name="EventNumber">See <see cref="OutboxMessage.EventNumber"/>.</param>
    /// <param name="MayExist">It may have been told before, and is told once only.</param>
    /// <param name="TraceParent">The request that causes it.</param>
    private sealed record PendingNotification(Guid CommentId, OutboxKind Kind, long EventNumber, bool MayExist, string? TraceParent);
}
