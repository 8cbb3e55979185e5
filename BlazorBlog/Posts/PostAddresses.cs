using System.Collections.Concurrent;
using BlazorBlog.Data.Changes;

namespace BlazorBlog.Posts;

/// <summary>
/// Which post has which address, as this node last saw it. A hint that saves a query: code that acts on it checks the database again, in the
/// transaction of the act.
/// </summary>
public sealed class PostAddresses : IEntityChangeHandler
{
    private readonly ConcurrentDictionary<string, Guid> _posts = new(StringComparer.Ordinal);

    public void Set(string slug, Guid postId) => _posts[slug] = postId;

    /// <returns>Null while no post of this address was seen.</returns>
    public Guid? Find(string slug) => _posts.TryGetValue(slug, out var id) ? id : null;

    public void Remove(string slug) => _posts.TryRemove(slug, out _);

    public bool Handles(Type entity) => entity == typeof(Post);

    public void AfterCommit(EntityChange change) => _posts.Clear();

    public void AfterDelete(EntityChange change) => _posts.Clear();
}
