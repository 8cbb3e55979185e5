using System.Collections.Concurrent;
using BlazorBlog.Data;
using BlazorBlog.Data.Changes;

namespace BlazorBlog.Support;

/// <summary>Writes down what a handler is told, e.g. <c>before save Comment Created</c>.</summary>
public sealed class RecordingChanges(params Type[] entities) : IEntityChangeHandler
{
    private readonly ConcurrentQueue<string> _told = new();

    public IReadOnlyList<string> Told => [.. _told];

    /// <summary>The changes themselves, of those told after a commit.</summary>
    public ConcurrentQueue<EntityChange> Committed { get; } = new();

    public bool Handles(Type entity) => entities.Contains(entity);

    public void BeforeSave(EntityChange change, BlogDbContext db) => Tell("before save", change);

    public void BeforeDelete(EntityChange change, BlogDbContext db) => Tell("before delete", change);

    public void AfterCommit(EntityChange change)
    {
        Tell("after commit", change);
        Committed.Enqueue(change);
    }

    public void AfterDelete(EntityChange change)
    {
        Tell("after delete", change);
        Committed.Enqueue(change);
    }

    private void Tell(string moment, EntityChange change) => _told.Enqueue($"{moment} {change.Entity.GetType().Name} {change.Kind}");
}
