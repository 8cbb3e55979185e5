using System.Diagnostics;
using System.Linq.Expressions;
using BlazorBlog.Comments;
using BlazorBlog.Comments.Editing;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Posts;
using BlazorBlog.Threads;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog;

/// <summary>The service behind the pages: what readers may ask or do with posts and comments. Moderators have <see cref="ThreadModeration"/>.</summary>
public sealed class BlogService(
    IDbContextFactory<BlogDbContext> contexts,
    ThreadSnapshots threads,
    ThreadChangeReader feed,
    CommentCards cards,
    CommentValidator rules,
    CommentModeration moderation,
    CommentSettings settings,
    CommentBatchWriter writer,
    CommentRateLimiter limiter,
    CommentChanges changes,
    PostAddresses addresses,
    EmailSettings email,
    TimeProvider time)
{
    public const int PostsPerPage = 10;

    private static readonly TimeSpan JustNow = TimeSpan.FromMinutes(1);

    /// <summary>How long a page reminds its reader of the mail that asks to confirm the address.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromDays(1);

    private static readonly Expression<Func<Comment, bool>> AwaitsConfirmation = comment =>
        comment.NotifyReplies && comment.RemovedAt == null && comment.Guest!.NormalizedEmail != null && comment.Guest.EmailConfirmedAt == null;

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
                post.Language,
                post.Markdown,
                Author = post.Author!.DisplayName,
                post.PublishedAt,
                Tags = post.Tags.OrderBy(t => t.Name).Select(t => new TagName(t.Slug, t.Name)).ToList(),
                Comments = db.Comments.Count(comment => comment.PostId == post.Id && comment.Status == CommentStatus.Approved && comment.RemovedAt == null),
            })
            .ToListAsync(cancellationToken);
        return new PostList(
            [.. rows.Select(row => new PostSummary(
                row.Id, row.Slug, row.Title, row.Summary, row.Author, row.PublishedAt!.Value, ReadingTime.Minutes(row.Markdown), row.Tags, row.Comments)
            {
                Language = row.Language ?? TextLanguage.Of(row.Title + row.Summary),
            })],
            page,
            pages);
    }

    /// <returns>Null when there is no published post of this address.</returns>
    public async Task<PostDetails?> FindPostAsync(string slug, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var row = await db.Posts.AsNoTracking().Where(post => post.Slug == slug && post.PublishedAt <= now)
            .Select(post => new
            {
                Post = post,
                Author = post.Author!.DisplayName,
                post.Author.AvatarId,
                Tags = post.Tags.OrderBy(t => t.Name).Select(t => new TagName(t.Slug, t.Name)).ToList(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            return null;
        }

        addresses.Set(row.Post.Slug, row.Post.Id);
        return new PostDetails(
            row.Post.Id, row.Post.Slug, row.Post.Title, row.Post.Summary, row.Post.Html, row.Author, row.Post.PublishedAt!.Value,
            row.Post.UpdatedAt, ReadingTime.Minutes(row.Post.Markdown), row.Tags, row.Post.CommentsClosedAt <= now, row.Post.ThreadSequence)
        {
            AuthorPicture = row.AvatarId,
            Language = row.Post.Language ?? TextLanguage.Of(row.Post.Title + row.Post.Summary),
        };
    }

    /// <summary>The thread, no older than a number that the caller knows.</summary>
    public ValueTask<ThreadView> ReadThreadAsync(Guid postId, long atLeast, CancellationToken cancellationToken) =>
        threads.ReadAsync(postId, atLeast, cancellationToken);

    /// <summary>What happened in a thread after a number: each comment that changed since, once, as it stands now.</summary>
    /// <returns>Null when there is no such post.</returns>
    public Task<ThreadChanges?> ReadChangesAsync(Guid postId, long after, CancellationToken cancellationToken) =>
        feed.ReadAsync(postId, after, cancellationToken);

    /// <summary>What the blog knows of the reader of a post, for the page of the same browser.</summary>
    /// <returns>Null when nothing is known.</returns>
    public async Task<GuestView?> FindWriterAsync(CommentAuthor author, Guid postId, CancellationToken cancellationToken)
    {
        if (author.Key is null)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var guest = await db.Guests.AsNoTracking().Where(guest => guest.Id == author.GuestId)
            .Select(guest => new { guest.Name, guest.Email, IsUnconfirmed = guest.Email != null && guest.EmailConfirmedAt == null })
            .SingleOrDefaultAsync(cancellationToken);
        if (guest is null && author.UserId is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var since = now - JustNow;
        var comments = await author.Of(db.Comments.AsNoTracking())
            .Where(comment => comment.PostId == postId && comment.RemovedAt == null
                && (comment.Status == CommentStatus.Pending || (comment.Status == CommentStatus.Approved && comment.CreatedAt > since)))
            .OrderBy(comment => comment.CreatedAt)
            .Select(comment => new { comment.Id, comment.Html, comment.Status })
            .ToListAsync(cancellationToken);
        return new GuestView(
            guest?.Name ?? "",
            guest?.Email,
            [.. comments.Where(comment => comment.Status == CommentStatus.Pending).Select(comment => new PendingComment(comment.Id, comment.Html))],
            comments.LastOrDefault(comment => comment.Status == CommentStatus.Approved)?.Id)
        {
            AwaitsConfirmation = email.SendsMail && author.UserId is null && guest is { IsUnconfirmed: true }
                ? await db.Comments.Where(AwaitsConfirmation)
                    .Where(comment => comment.PostId == postId && comment.GuestId == author.GuestId && comment.CreatedAt > now - Reminder)
                    .OrderByDescending(comment => comment.CreatedAt).Select(comment => (CommentStatus?)comment.Status).FirstOrDefaultAsync(cancellationToken)
                : null,
        };
    }

    /// <summary>Whether replies to a comment reach its writer only once they follow the link in a mail that asks for it.</summary>
    public async Task<bool> AwaitsConfirmationAsync(Guid commentId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return email.SendsMail && await db.Comments.Where(AwaitsConfirmation).AnyAsync(comment => comment.Id == commentId, cancellationToken);
    }

    /// <summary>The card of one comment as it stands in its thread, for a page whose thread is not live.</summary>
    /// <returns>Null when readers do not see it.</returns>
    public async Task<string?> RenderCardAsync(PostDetails post, Guid commentId, CancellationToken cancellationToken) =>
        (await threads.RefreshAsync(post.Id, cancellationToken)).Find(commentId) is { } comment
            ? await cards.RenderAsync(comment, post.Slug, post.CommentsClosed)
            : null;

    /// <summary>What a person has said in a thread, to be changed by them.</summary>
    public async Task<OwnComments> ReadOwnAsync(Guid postId, CommentAuthor author, CancellationToken cancellationToken)
    {
        if (author.Key is not { } key)
        {
            return OwnComments.None;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var comments = await author.Of(db.Comments.AsNoTracking())
            .Where(comment => comment.PostId == postId && comment.RemovedAt == null
                && (comment.Status == CommentStatus.Approved || comment.Status == CommentStatus.Pending))
            .Select(comment => new { comment.Id, comment.Body, comment.CreatedAt })
            .ToListAsync(cancellationToken);
        var reactions = await db.CommentReactions.AsNoTracking()
            .Where(reaction => reaction.Person == key && db.Comments.Any(comment => comment.Id == reaction.CommentId && comment.PostId == postId))
            .Select(reaction => new OwnReaction(reaction.CommentId, reaction.Kind))
            .ToListAsync(cancellationToken);
        return new OwnComments([.. comments.Select(comment => new OwnComment(comment.Id, comment.Body, comment.CreatedAt + settings.EditWindow))], reactions);
    }

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
    /// <inheritdoc cref="CommentValidator.Check" path="/param"/>
    public async Task<CommentOutcome> AddCommentAsync(
        string slug, CommentDraft draft, Guid? guestId, WritingAccount? account, CancellationToken cancellationToken)
    {
        var known = addresses.Find(slug);
        if ((known ?? await FindPostIdAsync(slug, cancellationToken)) is not { } postId)
        {
            return new CommentOutcome.NoSuchPost();
        }

        if (rules.Check(draft, slug, postId, guestId, account, out var errors) is not { } comment)
        {
            return new CommentOutcome.Rejected(errors);
        }

        var started = Stopwatch.GetTimestamp();
        var outcome = await SaveAsync(comment, cancellationToken);
        CommentTelemetry.Record(started, outcome);
        if (outcome is CommentOutcome.NoSuchPost && known is not null)
        {
            // Another node gave the address to another post meanwhile.
            addresses.Remove(slug);
            return await AddCommentAsync(slug, draft, guestId, account, cancellationToken);
        }

        return outcome;
    }

    /// <summary>Changes the words of one's own comment; what it said before is kept for moderators.</summary>
    public async Task<CommentActionResult> EditCommentAsync(string slug, Guid commentId, CommentAuthor author, string body, CancellationToken cancellationToken)
    {
        if (rules.CheckBody(body, out var text, out var html) is { } message)
        {
            return new CommentActionResult.Rejected(message);
        }

        return await ChangeOwnAsync(slug, commentId, author, async (db, comment, number) =>
        {
            var now = time.GetUtcNow();
            if (now > comment.CreatedAt + settings.EditWindow)
            {
                return new CommentActionResult.TooLate();
            }

            if (comment.Body != text)
            {
                db.CommentRevisions.Add(new CommentRevision { CommentId = comment.Id, Body = comment.Body, ReplacedAt = now });
                comment.Edit(text, html, number, now);
                // Of a first comment, other words were approved.
                var isTrusted = settings.Moderation == ModerationMode.FirstComment
                    && await author.Of(db.Comments).AnyAsync(other => other.Id != commentId && other.Status == CommentStatus.Approved, cancellationToken);
                if (moderation.JudgeEdit(comment.Body, comment.Html, author.IsStaff, isTrusted) is { } reason)
                {
                    comment.Hold(reason, number);
                }
            }

            return new CommentActionResult.Done(author, comment.Status, comment.Html);
        }, cancellationToken);
    }

    /// <summary>Takes one's own comment back, at any time. Again, it changes nothing.</summary>
    public Task<CommentActionResult> RemoveOwnCommentAsync(string slug, Guid commentId, CommentAuthor author, CancellationToken cancellationToken) =>
        ChangeOwnAsync(slug, commentId, author, (_, comment, number) =>
        {
            if (comment.RemovedAt is null)
            {
                comment.Remove(number, time.GetUtcNow());
            }

            return Task.FromResult<CommentActionResult>(new CommentActionResult.Done(author, comment.Status, comment.Html));
        }, cancellationToken, evenRemoved: true);

    /// <summary>Brings back the comment that its writer has just removed. Notices about it were put off meanwhile, and none is sent twice.</summary>
    public Task<CommentActionResult> RestoreOwnCommentAsync(string slug, Guid commentId, CommentAuthor author, CancellationToken cancellationToken) =>
        ChangeOwnAsync(slug, commentId, author, (_, comment, number) =>
        {
            if (comment.RestorableUntil is { } until)
            {
                if (time.GetUtcNow() > until)
                {
                    return Task.FromResult<CommentActionResult>(new CommentActionResult.NoSuchComment());
                }

                comment.Restore(number);
            }

            return Task.FromResult<CommentActionResult>(new CommentActionResult.Done(author, comment.Status, comment.Html));
        }, cancellationToken, evenRemoved: true);

    /// <summary>Gives a reaction, or takes it back. Each person has one of each kind.</summary>
    /// <param name="slug">The post.</param>
    /// <param name="commentId">A comment that readers see.</param>
    /// <param name="author">Whose reaction; a browser of which nothing is known becomes a guest.</param>
    /// <param name="kind">The reaction.</param>
    /// <param name="wanted">Whether it shall be there; null turns it around.</param>
    /// <param name="cancellationToken">Stops the change.</param>
    public async Task<CommentActionResult> ReactAsync(
        string slug, Guid commentId, CommentAuthor author, Reaction kind, bool? wanted, CancellationToken cancellationToken)
    {
        CommentActionResult outcome = new CommentActionResult.NoSuchComment();
        var isCounted = false;
        await changes.ChangeAsync(commentId, async (db, comment, number) =>
        {
            outcome = new CommentActionResult.NoSuchComment();
            if (comment.Post!.Slug != slug || !comment.IsVisible)
            {
                return false;
            }

            var person = await KnowAsync(db, author, wanted != false, cancellationToken);
            outcome = new CommentActionResult.Done(person, comment.Status, comment.Html);
            if (person.Key is not { } key)
            {
                return false;
            }

            var given = await db.CommentReactions.FindAsync([commentId, key, kind], cancellationToken);
            if ((given is not null) == (wanted ?? given is null))
            {
                return false;
            }

            if (given is null)
            {
                // Once, however often the transaction is tried.
                if (!isCounted && person.UserId is null && author.Network is { } network
                    && !limiter.TryTakeReaction(network, commentId, isStranger: person.GuestId != author.GuestId, out var retryAfter))
                {
                    outcome = new CommentActionResult.TooMany(retryAfter);
                    return false;
                }

                isCounted = true;
                db.CommentReactions.Add(new CommentReaction { CommentId = commentId, Person = key, Kind = kind });
            }
            else
            {
                db.CommentReactions.Remove(given);
            }

            comment.React(kind, given is null ? 1 : -1, number);
            return true;
        }, cancellationToken);
        return outcome;
    }

    /// <summary>What is not saved must not count against the next attempt.</summary>
    private async Task<CommentOutcome> SaveAsync(NewComment comment, CancellationToken cancellationToken)
    {
        var held = moderation.Judge(comment);
        var isNew = false;
        try
        {
            var outcome = await writer.AddAsync(comment with { Held = held }, cancellationToken);
            isNew = outcome is CommentOutcome.Saved saved && saved.CommentId == comment.Id;
            return outcome;
        }
        finally
        {
            if (!isNew)
            {
                moderation.Forget(comment);
            }
        }
    }

    private async Task<CommentActionResult> ChangeOwnAsync(
        string slug,
        Guid commentId,
        CommentAuthor author,
        Func<BlogDbContext, Comment, long, Task<CommentActionResult>> change,
        CancellationToken cancellationToken,
        bool evenRemoved = false)
    {
        CommentActionResult outcome = new CommentActionResult.NoSuchComment();
        await changes.ChangeAsync(commentId, async (db, comment, number) =>
        {
            outcome = new CommentActionResult.NoSuchComment();
            // Hidden or spam: its author does not see it either.
            if (comment.Post!.Slug == slug && (evenRemoved || comment.RemovedAt is null) && comment.Status is CommentStatus.Approved or CommentStatus.Pending)
            {
                outcome = author.Wrote(comment) ? await change(db, comment, number) : new CommentActionResult.NotYours();
            }

            return outcome is CommentActionResult.Done && comment.Sequence == number;
        }, cancellationToken);
        return outcome;
    }

    /// <summary>The cookie may be of a guest that is not there any more.</summary>
    private async Task<CommentAuthor> KnowAsync(BlogDbContext db, CommentAuthor author, bool create, CancellationToken cancellationToken)
    {
        if (author.UserId is not null || (author.GuestId is { } id && await db.Guests.AnyAsync(guest => guest.Id == id, cancellationToken)))
        {
            return author;
        }

        if (!create)
        {
            return default;
        }

        var guest = new Guest { Name = "", CreatedAt = time.GetUtcNow() };
        db.Guests.Add(guest);
        return CommentAuthor.OfGuest(guest.Id);
    }

    private async Task<Guid?> FindPostIdAsync(string slug, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var id = await db.Posts.Where(post => post.Slug == slug && post.PublishedAt <= now).Select(post => (Guid?)post.Id).SingleOrDefaultAsync(cancellationToken);
        if (id is { } found)
        {
            addresses.Set(slug, found);
        }

        return id;
    }
}
