using BlazorBlog.Comments;
using BlazorBlog.Data.Changes;
using BlazorBlog.Posts;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data.Audit;

/// <summary>Writes an entry for every change of content, in the transaction of the change. A new comment is its own record.</summary>
internal sealed class AuditTrail(TimeProvider time) : IEntityChangeHandler
{
    public bool Handles(Type entity) => entity == typeof(Post) || entity == typeof(Comment) || entity == typeof(Tag) || entity == typeof(Link);

    public void BeforeSave(EntityChange change, BlogDbContext db) => Write(change, db);

    public void BeforeDelete(EntityChange change, BlogDbContext db) => Write(change, db);

    private void Write(EntityChange change, BlogDbContext db)
    {
        // A reaction is not recorded either: it changes only the comment's sequence number.
        if (change is { Entity: Comment, Kind: ChangeKind.Created } or { Entity: Comment, Properties: [nameof(Comment.Sequence)] })
        {
            return;
        }

        var (entity, id, detail) = change.Entity switch
        {
            Post post => (nameof(Post), post.Id, Changed(change)),
            Comment comment => (nameof(Comment), comment.Id, Changed(change)),
            Tag tag => (nameof(Tag), tag.Id, Changed(change)),
            Link link => (link.Left.Type.Name, link.Left.Key, $"{link.Right.Type.Name} {link.Right.Key}"),
            _ => throw new InvalidOperationException($"{change.Entity.GetType()} is not audited."),
        };

        var action = change.Kind.ToString();
        // A save that failed and is repeated on this context still tracks the entry of its first try.
        if (!db.ChangeTracker.Entries<AuditEntry>().Any(entry => entry.State == EntityState.Added
            && entry.Entity.EntityId == id && entry.Entity.Action == action && entry.Entity.Detail == detail))
        {
            db.AuditEntries.Add(new AuditEntry { At = time.GetUtcNow(), Entity = entity, EntityId = id, Action = action, Detail = detail });
        }
    }

    private static string? Changed(EntityChange change) => change.Properties.Count == 0 ? null : string.Join(", ", change.Properties);
}
