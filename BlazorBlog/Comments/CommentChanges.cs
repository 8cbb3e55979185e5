using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Comments;

/// <summary>
/// The transaction in which comments that are there change. Every visible change takes the next number of its thread, in the first
/// statement: the post's row stays locked, and order of commit is order of numbers.
/// </summary>
public sealed class CommentChanges(UnitOfWork work)
{
    /// <param name="commentId">The comment; its post is loaded with it.</param>
    /// <param name="change">Gets the number; answers whether there is anything to save. Called again where the server failed for a moment.</param>
    /// <param name="cancellationToken">Stops the change.</param>
    public Task<bool> ChangeAsync(
        Guid commentId, Func<BlogDbContext, Comment, long, Task<bool>> change, CancellationToken cancellationToken) => work.RunAsync(async db =>
    {
        await db.Posts.Where(post => db.Comments.Any(comment => comment.Id == commentId && comment.PostId == post.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(post => post.ThreadSequence, post => post.ThreadSequence + 1), cancellationToken);
        var found = await db.Comments.Include(comment => comment.Post).SingleOrDefaultAsync(comment => comment.Id == commentId, cancellationToken);
        var isChanged = found is not null && await change(db, found, found.Post!.ThreadSequence);
        if (!isChanged)
        {
            db.ChangeTracker.Clear();
        }

        return isChanged;
    }, cancellationToken);

    /// <summary>Changes all comments of a person, in the unit of work of the caller.</summary>
    /// <param name="db">With an open transaction.</param>
    /// <param name="which">The comments.</param>
    /// <param name="change">Gets each with its number.</param>
    /// <param name="cancellationToken">Stops the change.</param>
    public static async Task ChangeAllAsync(
        BlogDbContext db, IQueryable<Comment> which, Action<Comment, long> change, CancellationToken cancellationToken)
    {
        var postIds = await which.Select(comment => comment.PostId).Distinct().ToListAsync(cancellationToken);

        // In key order: two changes that lock the same posts in different orders would deadlock.
        foreach (var postId in postIds.Order())
        {
            await db.Posts.Where(post => post.Id == postId)
                .ExecuteUpdateAsync(set => set.SetProperty(post => post.ThreadSequence, post => post.ThreadSequence + 1), cancellationToken);
            var number = await db.Posts.Where(post => post.Id == postId).Select(post => post.ThreadSequence).SingleAsync(cancellationToken);
            foreach (var comment in await which.Where(comment => comment.PostId == postId).ToListAsync(cancellationToken))
            {
                change(comment, number);
            }
        }
    }
}
