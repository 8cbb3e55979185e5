using BlazorBlog.Comments;
using BlazorBlog.Data.Changes;

namespace BlazorBlog.Threads;

/// <summary>Raised on this node once a change of a thread's comment is committed.</summary>
public sealed class ThreadSignal : IEntityChangeHandler
{
    /// <summary>Gets the post's id. Raised on the saving thread, so handlers must not block.</summary>
    public event Action<Guid>? Changed;

    public bool Handles(Type entity) => entity == typeof(Comment);

    public void AfterCommit(EntityChange change) => Changed?.Invoke(((Comment)change.Entity).PostId);
}
