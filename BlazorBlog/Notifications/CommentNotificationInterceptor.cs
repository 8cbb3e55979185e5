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
        if (eventData.Context is BlogDbContext { IsImporting: false } db)
        {
            var published = Published(db);
            AddOutboxMessages(db, published, published.Exists(MayBeKnown) ? [.. Known(db, published)] : []);
        }

        return result;
    }

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is BlogDbContext { IsImporting: false } db)
        {
            var published = Published(db);
            AddOutboxMessages(db, published, published.Exists(MayBeKnown) ? await Known(db, published).ToListAsync(cancellationToken) : []);
        }

        return result;
    }

    // A list, because the tracker may not be added to while it is enumerated.
    private static List<EntityEntry<Comment>> Published(BlogDbContext db) => [.. db.ChangeTracker.Entries<Comment>().Where(BecomesVisible)];

    /// <summary>A comment that was held again after readers had seen it is no news when it comes back.</summary>
    private static bool MayBeKnown(EntityEntry<Comment> comment) => comment.State == EntityState.Modified;

    private static IQueryable<Guid> Known(BlogDbContext db, List<EntityEntry<Comment>> published)
    {
        var ids = published.Where(MayBeKnown).Select(comment => comment.Entity.Id).ToList();
        return db.OutboxMessages.Where(message => message.Kind == OutboxKind.CommentPublished && ids.Contains(message.CommentId)).Select(message => message.CommentId);
    }

    private void AddOutboxMessages(BlogDbContext db, List<EntityEntry<Comment>> published, List<Guid> known)
    {
        if (published.Count == 0)
        {
            return;
        }

        // A save that failed and is repeated on this context still tracks the message of its first try.
        var already = db.ChangeTracker.Entries<OutboxMessage>()
            .Where(entry => entry.State == EntityState.Added && entry.Entity.Kind == OutboxKind.CommentPublished)
            .Select(entry => entry.Entity.CommentId)
            .Concat(known)
            .ToHashSet();

        var now = time.GetUtcNow();
        db.OutboxMessages.AddRange(published.Select(comment => comment.Entity.Id).Where(id => !already.Contains(id)).Select(id => new OutboxMessage
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
