using BlazorBlog.Comments;
using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace BlazorBlog.Live;

/// <summary>
/// The threads as this node last read them, one immutable copy for all readers. A copy is used only while the thread's number in the
/// database is the one it was read at, so it is never older than the question.
/// </summary>
public sealed class ThreadSnapshots(IDbContextFactory<BlogDbContext> contexts, CommentSettings settings) : IDisposable
{
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    // A thread counts one for each of its comments.
    private readonly MemoryCache _threads = new(new MemoryCacheOptions { SizeLimit = 200_000 });

    /// <summary>The thread as it stands; empty for a post that does not exist.</summary>
    public async Task<ThreadView> ReadAsync(Guid postId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var sequence = await db.Posts.Where(post => post.Id == postId).Select(post => post.ThreadSequence).SingleOrDefaultAsync(cancellationToken);
        if (_threads.TryGetValue(postId, out ThreadView? known) && known!.Sequence == sequence)
        {
            return known;
        }

        var rows = await db.Comments.AsNoTracking()
            .Where(comment => comment.PostId == postId && comment.Status == CommentStatus.Approved)
            .OrderBy(comment => comment.CreatedAt).ThenBy(comment => comment.Id)
            .Select(comment => new ThreadRow(
                comment.Id,
                comment.ParentId,
                comment.AuthorName,
                comment.UserId != null && comment.UserId == comment.Post!.AuthorId,
                comment.Html,
                comment.CreatedAt,
                comment.EditedAt,
                comment.RemovedAt != null))
            .ToListAsync(cancellationToken);

        // Rows newer than the number are harmless: the next reader sees a higher number and reads again.
        var thread = ThreadBuilder.Build(postId, sequence, rows, settings.MaxDepth);
        _threads.Set(postId, thread, new MemoryCacheEntryOptions { Size = rows.Count + 1, SlidingExpiration = Unused });
        return thread;
    }

    public void Dispose() => _threads.Dispose();
}
