using BlazorBlog.Comments;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorBlog.Notifications;

/// <summary>
/// Writes the intent to notify in the same SaveChanges as the comment that causes it, so both are committed or neither. A comment causes
/// one when it is added approved, or when it is approved later. Holds no state: all contexts share it.
/// </summary>
public sealed class CommentNotificationInterceptor(TimeProvider time) : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        AddOutboxMessages(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        AddOutboxMessages(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private void AddOutboxMessages(DbContext? context)
    {
        if (context is not BlogDbContext { IsImporting: false } db)
        {
            return;
        }

        // A list, because the tracker may not be added to while it is enumerated.
        var published = db.ChangeTracker.Entries<Comment>().Where(BecomesVisible).Select(entry => entry.Entity.Id).ToList();
        if (published.Count == 0)
        {
            return;
        }

        // A save that failed and is repeated on this context still tracks the message of its first try.
        var already = db.ChangeTracker.Entries<OutboxMessage>()
            .Where(entry => entry.State == EntityState.Added && entry.Entity.Kind == OutboxKind.CommentPublished)
            .Select(entry => entry.Entity.CommentId)
            .ToHashSet();

        var now = time.GetUtcNow();
        db.OutboxMessages.AddRange(published.Where(id => !already.Contains(id)).Select(id => new OutboxMessage
        {
            Kind = OutboxKind.CommentPublished,
            CommentId = id,
            CreatedAt = now,
        }));
    }

    private static bool BecomesVisible(EntityEntry<Comment> entry) => entry.State switch
    {
        EntityState.Added => entry.Entity.IsVisible,
        EntityState.Modified => entry.Entity.IsVisible
            && entry.Property(comment => comment.Status).OriginalValue == CommentStatus.Pending,
        _ => false,
    };
}
