using BlazorBlog.Comments;
using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Threads;

/// <summary>The change feed of a thread: every visible change of a comment has a number of its own, and order of commit is order of numbers.</summary>
public sealed class ThreadChangeReader(IDbContextFactory<BlogDbContext> contexts)
{
    /// <summary>
    /// One seek in the index of post and number. Nothing above the thread's number is read, even where it is already visible: a database
    /// that reads without a snapshot might show a later change and miss the one before.
    /// </summary>
    /// <param name="postId">The thread.</param>
    /// <param name="after">The last number that is known; 0 reads the thread as it stands.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <returns>Null when there is no such post.</returns>
    public async Task<ThreadChanges?> ReadAsync(Guid postId, long after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var post = await db.Posts.AsNoTracking().Where(post => post.Id == postId)
            .Select(post => new { post.ThreadSequence, post.Slug, post.CommentsClosedAt, post.AuthorId })
            .SingleOrDefaultAsync(cancellationToken);
        if (post is null)
        {
            return null;
        }

        // A first read (after = 0) skips comments that are not visible, except those that have replies.
        var comments = after > 0
            ? db.Comments.Where(comment => comment.Sequence > after)
            : db.Comments.Where(comment => (comment.Status == CommentStatus.Approved && comment.RemovedAt == null) || db.Comments.Any(reply => reply.ParentId == comment.Id));
        var rows = post.ThreadSequence == after
            ? []
            : await comments.AsNoTracking()
                .Where(comment => comment.PostId == postId && comment.Sequence <= post.ThreadSequence)
                .OrderBy(comment => comment.Sequence)
                .Select(comment => new CommentRecord(
                    comment.Id,
                    comment.ParentId,
                    comment.Sequence,
                    comment.AuthorName,
                    comment.UserId != null && comment.UserId == post.AuthorId,
                    comment.Html,
                    comment.CreatedAt,
                    comment.EditedAt,
                    comment.RemovedAt != null,
                    comment.Status == CommentStatus.Approved,
                    comment.Reactions)
                {
                    Picture = db.Users.Where(user => user.Id == comment.UserId).Select(user => user.AvatarId).FirstOrDefault(),
                })
                .ToListAsync(cancellationToken);
        return new ThreadChanges(post.ThreadSequence, rows, post.Slug, post.CommentsClosedAt);
    }
}

/// <summary>What happened in a thread after a number that the asker knows.</summary>
/// <param name="Sequence">The thread's number up to which this tells everything; the next question asks from here.</param>
/// <param name="Rows">Each comment that changed, once, as it stands now; in the order of their numbers.</param>
/// <param name="Slug">The post's address.</param>
/// <param name="ClosedAt">From then on the thread takes no more comments.</param>
public sealed record ThreadChanges(long Sequence, IReadOnlyList<CommentRecord> Rows, string Slug, DateTimeOffset? ClosedAt);
