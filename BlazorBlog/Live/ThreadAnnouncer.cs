using BlazorBlog.Comments;
using BlazorBlog.Data.Changes;

namespace BlazorBlog.Live;

/// <summary>Announces a thread once a change of one of its comments is committed.</summary>
internal sealed class ThreadAnnouncer(LiveThreads threads) : IEntityChangeHandler
{
    public bool Handles(Type entity) => entity == typeof(Comment);

    public void AfterCommit(EntityChange change) => threads.Announce(((Comment)change.Entity).PostId);
}
