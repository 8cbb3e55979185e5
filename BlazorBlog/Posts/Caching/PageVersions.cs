using System.Collections.Concurrent;
using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Data.Changes;

namespace BlazorBlog.Posts.Caching;

/// <summary>
/// Numbers that are part of the key of cached pages and rise with every committed change of what the pages show. A page that was being
/// made while its thread changed is thus stored under the old number, which is no longer looked up.
/// </summary>
public sealed class PageVersions(PostAddresses addresses) : IEntityChangeHandler
{
    private readonly ConcurrentDictionary<Guid, long> _threads = new();
    private long _content;
    private long _comments;

    /// <returns>Null while the post of this address is not known.</returns>
    public string? OfPost(string slug) =>
        addresses.Find(slug) is { } id ? $"{Volatile.Read(ref _content)}.{_threads.GetValueOrDefault(id)}" : null;

    /// <summary>Lists show the posts and the counts of their comments.</summary>
    public string OfLists => $"{Volatile.Read(ref _content)}.{Volatile.Read(ref _comments)}";

    /// <summary>Another node changed a thread.</summary>
    public void RaiseThread(Guid postId)
    {
        _threads.AddOrUpdate(postId, 1, (_, version) => version + 1);
        Interlocked.Increment(ref _comments);
    }

    /// <summary>Other nodes may have changed anything.</summary>
    public void RaiseAll() => Interlocked.Increment(ref _content);

    public bool Handles(Type entity) => entity == typeof(Post) || entity == typeof(Tag) || entity == typeof(Link) || entity == typeof(Comment) || entity == typeof(BlogUser);

    public void AfterCommit(EntityChange change)
    {
        // Of people, pages show the authors' names and pictures, which change far more rarely than people sign in.
        if (change.Entity is not BlogUser || change.Properties.Intersect([nameof(BlogUser.DisplayName), nameof(BlogUser.AvatarId)]).Any())
        {
            Raise(change.Entity);
        }
    }

    public void AfterDelete(EntityChange change) => Raise(change.Entity);

    private void Raise(object entity)
    {
        if (entity is Comment comment)
        {
            RaiseThread(comment.PostId);
        }
        else
        {
            Interlocked.Increment(ref _content);
        }
    }
}
