using BlazorBlog.Comments;
using BlazorBlog.Data;
using BlazorBlog.Live;
using BlazorBlog.Posts;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog;

/// <summary>The one door for pages: everything a page may ask or do about posts and comments.</summary>
public sealed class BlogService(
    IDbContextFactory<BlogDbContext> contexts,
    ThreadSnapshots threads,
    CommentRules rules,
    CommentWriter writer,
    PostAddresses addresses,
    WriteGate gate,
    TimeProvider time)
{
    public const int PostsPerPage = 10;

    /// <param name="page">From 1.</param>
    /// <param name="tag">Slug of a tag, or null for all posts.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <returns>Null for a tag or page that does not exist; the first page of an empty blog exists.</returns>
    public async Task<PostList?> ListPostsAsync(int page, string? tag, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var posts = db.Posts.AsNoTracking().Where(post => post.PublishedAt <= now);
        if (tag is not null)
        {
            posts = posts.Where(post => post.Tags.Any(t => t.Slug == tag));
        }

        var count = await posts.CountAsync(cancellationToken);
        var pages = Math.Max(1, (count + PostsPerPage - 1) / PostsPerPage);
        if (page < 1 || page > pages || (tag is not null && count == 0))
        {
            return null;
        }

        var rows = await posts.OrderByDescending(post => post.PublishedAt).ThenByDescending(post => post.Id)
            .Skip((page - 1) * PostsPerPage).Take(PostsPerPage)
            .Select(post => new
            {
                post.Id,
                post.Slug,
                post.Title,
                post.Summary,
                post.Markdown,
                Author = post.Author!.DisplayName,
                post.PublishedAt,
                Tags = post.Tags.OrderBy(t => t.Name).Select(t => new TagName(t.Slug, t.Name)).ToList(),
                Comments = db.Comments.Count(comment => comment.PostId == post.Id && comment.Status == CommentStatus.Approved && comment.RemovedAt == null),
            })
            .ToListAsync(cancellationToken);
        return new PostList(
            [.. rows.Select(row => new PostSummary(
                row.Id, row.Slug, row.Title, row.Summary, row.Author, row.PublishedAt!.Value, ReadingTime.Minutes(row.Markdown), row.Tags, row.Comments))],
            page,
            pages);
    }

    /// <returns>Null when there is no published post of this address.</returns>
    public async Task<PostView?> FindPostAsync(string slug, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var row = await db.Posts.AsNoTracking().Where(post => post.Slug == slug && post.PublishedAt <= now)
            .Select(post => new
            {
                Post = post,
                Author = post.Author!.DisplayName,
                Tags = post.Tags.OrderBy(t => t.Name).Select(t => new TagName(t.Slug, t.Name)).ToList(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            return null;
        }

        addresses.Learn(slug, row.Post.Id);
        return new PostView(
            row.Post.Id, row.Post.Slug, row.Post.Title, row.Post.Summary, row.Post.Html, row.Author, row.Post.PublishedAt!.Value,
            row.Post.UpdatedAt, ReadingTime.Minutes(row.Post.Markdown), row.Tags, row.Post.CommentsClosedAt <= now);
    }

    /// <summary>The thread as it stands now.</summary>
    public Task<ThreadView> ReadThreadAsync(Guid postId, CancellationToken cancellationToken) => threads.ReadAsync(postId, cancellationToken);

    /// <summary>What the blog knows of a guest, for the page of the same browser.</summary>
    public async Task<GuestView?> FindGuestAsync(Guid guestId, Guid postId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Guests.AsNoTracking().Where(guest => guest.Id == guestId)
            .Select(guest => new GuestView(
                guest.Name,
                guest.Email,
                db.Comments.Count(comment => comment.PostId == postId && comment.GuestId == guestId && comment.Status == CommentStatus.Pending)))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The card of one comment as it stands in its thread.</summary>
    public async Task<CommentView?> FindCommentAsync(Guid postId, Guid commentId, CancellationToken cancellationToken) =>
        (await threads.ReadAsync(postId, cancellationToken)).Find(commentId);

    /// <returns>The post's address of a comment that readers can see.</returns>
    public async Task<string?> FindSlugOfCommentAsync(Guid commentId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Comments.Where(comment => comment.Id == commentId && comment.Status == CommentStatus.Approved)
            .Select(comment => comment.Post!.Slug).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Saves a comment together with the intent to notify. Answers after the commit and never waits for a provider; repeats of one form
    /// are answered with the comment they made first.
    /// </summary>
    public async Task<CommentOutcome> AddCommentAsync(CommentSubmission submission, CancellationToken cancellationToken)
    {
        var known = addresses.Find(submission.Slug);
        if ((known ?? await FindPostIdAsync(submission.Slug, cancellationToken)) is not { } postId)
        {
            return new CommentOutcome.NoSuchPost();
        }

        if (rules.Check(submission, postId, out var errors) is not { } comment)
        {
            return new CommentOutcome.Rejected(errors);
        }

        var outcome = await writer.AddAsync(comment, cancellationToken);
        if (outcome is CommentOutcome.NoSuchPost && known is not null)
        {
            // Another node gave the address to another post meanwhile.
            addresses.Forget(submission.Slug);
            return await AddCommentAsync(submission, cancellationToken);
        }

        return outcome;
    }

    /// <summary>Shows a held comment to everybody, and by the interceptor tells whoever is to be told.</summary>
    /// <returns>False when there is no such comment, or it was not held.</returns>
    public Task<bool> ApproveCommentAsync(Guid commentId, CancellationToken cancellationToken) => ChangeCommentAsync(
        commentId,
        comment => comment.Status == CommentStatus.Pending && comment.RemovedAt is null,
        (comment, number) => comment.Approve(number),
        cancellationToken);

    /// <summary>Takes a comment's words away; its place and its replies stay, and notices not yet sent are withdrawn.</summary>
    /// <returns>False when there is no such comment, or it was removed before.</returns>
    public Task<bool> RemoveCommentAsync(Guid commentId, CancellationToken cancellationToken) => ChangeCommentAsync(
        commentId,
        comment => comment.RemovedAt is null,
        (comment, number) => comment.Remove(number, time.GetUtcNow()),
        cancellationToken);

    /// <summary>
    /// Every visible change of a comment takes the next number of its thread, in the first statement of its transaction: the post's row
    /// stays locked, and order of commit is order of numbers.
    /// </summary>
    private async Task<bool> ChangeCommentAsync(
        Guid commentId, Func<Comment, bool> applies, Action<Comment, long> change, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Posts.Where(post => db.Comments.Any(comment => comment.Id == commentId && comment.PostId == post.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(post => post.ThreadSequence, post => post.ThreadSequence + 1), cancellationToken);
        var found = await db.Comments.Where(comment => comment.Id == commentId)
            .Select(comment => new { Comment = comment, comment.Post!.ThreadSequence })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null || !applies(found.Comment))
        {
            return false;
        }

        change(found.Comment, found.ThreadSequence);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<Guid?> FindPostIdAsync(string slug, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var id = await db.Posts.Where(post => post.Slug == slug && post.PublishedAt <= now).Select(post => (Guid?)post.Id).SingleOrDefaultAsync(cancellationToken);
        if (id is { } found)
        {
            addresses.Learn(slug, found);
        }

        return id;
    }
}
