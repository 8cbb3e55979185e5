using BlazorBlog.Comments.Moderation;
using BlazorBlog.Components;
using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Comments.Posting;

/// <summary>The one transaction in which comments are added: thread number, guest, comment, and by the interceptor the outbox message.</summary>
public sealed class CommentStore(UnitOfWork work, CommentSettings settings, CommentModeration moderation, IStringLocalizer<Texts> texts, TimeProvider time)
{
    /// <summary>Two posts of the same text without a key, nearer than this, are one comment sent twice.</summary>
    private static readonly TimeSpan RepeatWindow = TimeSpan.FromMinutes(10);

    /// <summary>For a caller that holds the turn. Where all were refused or repeated, no number is taken and no reader woken for nothing.</summary>
    /// <param name="comments">They may be of several threads.</param>
    /// <param name="isRepeat">An earlier call with some of them failed, and may have been committed nevertheless.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <returns>One outcome per comment, in the order given.</returns>
    public Task<IReadOnlyList<CommentOutcome>> SaveAsync(IReadOnlyList<NewComment> comments, bool isRepeat, CancellationToken cancellationToken) =>
        work.RunInTurnAsync<IReadOnlyList<CommentOutcome>>(async db =>
        {
            var threads = await TakeNumbersAsync(db, comments, cancellationToken);
            var known = await LoadAsync(db, comments, isRepeat, cancellationToken);
            return [.. comments.Select(comment => Add(db, comment, threads, known))];
        }, cancellationToken);

    /// <summary>
    /// The first statement of the transaction raises the thread's number, and with it locks the post's row: a later commit has
    /// the higher number, on every database.
    /// </summary>
    private async Task<Dictionary<Guid, ThreadNumbers>> TakeNumbersAsync(
        BlogDbContext db, IReadOnlyList<NewComment> comments, CancellationToken cancellationToken)
    {
        var threads = new Dictionary<Guid, ThreadNumbers>();

        // In key order: two batches that lock the same posts in different orders would deadlock.
        foreach (var group in comments.GroupBy(comment => comment.PostId).OrderBy(group => group.Key))
        {
            var count = group.Count();
            await db.Posts.Where(post => post.Id == group.Key)
                .ExecuteUpdateAsync(set => set.SetProperty(post => post.ThreadSequence, post => post.ThreadSequence + count), cancellationToken);
            var row = await db.Posts.Where(post => post.Id == group.Key)
                .Select(post => new { post.Slug, post.ThreadSequence, post.CommentsClosedAt, post.PublishedAt })
                .SingleOrDefaultAsync(cancellationToken);
            if (row is { PublishedAt: not null })
            {
                threads[group.Key] = new ThreadNumbers(row.Slug, row.ThreadSequence - count, row.CommentsClosedAt <= time.GetUtcNow());
            }
        }

        return threads;
    }

    /// <summary>Lists go as one parameter each: with one parameter per item, EF would generate the SQL again for every comment.</summary>
    private async Task<Known> LoadAsync(BlogDbContext db, IReadOnlyList<NewComment> comments, bool isRepeat, CancellationToken cancellationToken)
    {
        var keys = comments.Select(comment => comment.IdempotencyKey).OfType<string>().Distinct().ToList();
        var guestIds = comments.Select(comment => comment.GuestId).OfType<Guid>().Distinct().ToList();
        var parentIds = comments.Select(comment => comment.ParentId).OfType<Guid>().Distinct().ToList();
        var recently = time.GetUtcNow() - RepeatWindow;

        List<Comment> earlier = [];
        var wantsRecent = comments.Any(comment => !comment.IsScripted);
        if (isRepeat)
        {
            var ids = comments.Select(comment => comment.Id).ToList();
            earlier.AddRange(await db.Comments.AsNoTracking().Where(comment => EF.Parameter(ids).Contains(comment.Id)).ToListAsync(cancellationToken));
        }

        if (keys.Count > 0)
        {
            // Most batches are one comment, and a list as a parameter costs SQLite as much again.
            var byKey = keys is [var key]
                ? db.Comments.Where(comment => comment.IdempotencyKey == key)
                : db.Comments.Where(comment => EF.Parameter(keys).Contains(comment.IdempotencyKey!));
            earlier.AddRange(await byKey.AsNoTracking().ToListAsync(cancellationToken));
        }

        Dictionary<Guid, Guest> guests = [];
        HashSet<Guid> trusted = [];
        if (guestIds.Count > 0)
        {
            guests = await db.Guests.Where(guest => EF.Parameter(guestIds).Contains(guest.Id)).ToDictionaryAsync(guest => guest.Id, cancellationToken);
            if (wantsRecent)
            {
                earlier.AddRange(await db.Comments.AsNoTracking()
                    .Where(comment => EF.Parameter(guestIds).Contains(comment.GuestId!.Value) && comment.CreatedAt > recently)
                    .ToListAsync(cancellationToken));
            }

            if (settings.Moderation == ModerationMode.FirstComment)
            {
                trusted = [.. await db.Comments
                    .Where(comment => EF.Parameter(guestIds).Contains(comment.GuestId!.Value) && comment.Status == CommentStatus.Approved)
                    .Select(comment => comment.GuestId!.Value).Distinct().ToListAsync(cancellationToken)];
            }
        }

        var userIds = comments.Select(comment => comment.Account?.UserId).OfType<Guid>().Distinct().ToList();
        if (userIds.Count > 0)
        {
            if (wantsRecent)
            {
                earlier.AddRange(await db.Comments.AsNoTracking()
                    .Where(comment => EF.Parameter(userIds).Contains(comment.UserId!.Value) && comment.CreatedAt > recently)
                    .ToListAsync(cancellationToken));
            }

            if (settings.Moderation == ModerationMode.FirstComment)
            {
                trusted.UnionWith(await db.Comments
                    .Where(comment => EF.Parameter(userIds).Contains(comment.UserId!.Value) && comment.Status == CommentStatus.Approved)
                    .Select(comment => comment.UserId!.Value).Distinct().ToListAsync(cancellationToken));
            }
        }

        var parents = parentIds.Count == 0
            ? []
            : await db.Comments.AsNoTracking().Where(comment => EF.Parameter(parentIds).Contains(comment.Id)).ToDictionaryAsync(comment => comment.Id, cancellationToken);
        return new Known(earlier, await LoadFirstBodiesAsync(db, earlier, cancellationToken), guests, parents, trusted, recently);
    }

    /// <summary>What edited comments said when they were posted: a form sent again is compared with that.</summary>
    private static async Task<Dictionary<Guid, string>> LoadFirstBodiesAsync(BlogDbContext db, List<Comment> comments, CancellationToken cancellationToken)
    {
        var edited = comments.Where(comment => comment.EditedAt is not null).Select(comment => comment.Id).Distinct().ToList();
        if (edited.Count == 0)
        {
            return [];
        }

        var revisions = await db.CommentRevisions.AsNoTracking().Where(revision => EF.Parameter(edited).Contains(revision.CommentId))
            .OrderBy(revision => revision.ReplacedAt).ToListAsync(cancellationToken);
        return revisions.DistinctBy(revision => revision.CommentId).ToDictionary(revision => revision.CommentId, revision => revision.Body);
    }

    private CommentOutcome Add(BlogDbContext db, NewComment comment, Dictionary<Guid, ThreadNumbers> threads, Known known)
    {
        if (!threads.TryGetValue(comment.PostId, out var thread) || thread.Slug != comment.Slug)
        {
            return new CommentOutcome.NoSuchPost();
        }

        var key = comment.IdempotencyKey;
        if (known.Repeated(comment) is { } repeated)
        {
            var isOwn = repeated.Id == comment.Id || IsBy(comment.WriterId, repeated);
            if (known.IsSame(repeated, comment))
            {
                return new CommentOutcome.Saved(repeated.Id, isOwn ? repeated.GuestId ?? default : default, repeated.Status);
            }

            if (isOwn)
            {
                return Rejected(nameof(CommentDraft.IdempotencyKey), texts["This form cannot be sent again. Reload the page; your text is kept."]);
            }

            // Another writer's key, with other words: a comment of its own, which cannot be stored under the same key.
            key = null;
        }

        if (thread.Closed)
        {
            return new CommentOutcome.Closed();
        }

        var parent = comment.ParentId is { } parentId ? known.Parents.GetValueOrDefault(parentId) : null;
        if (comment.ParentId is not null && (parent is null || parent.PostId != comment.PostId || !parent.IsVisible))
        {
            return Rejected(nameof(CommentDraft.ParentId), texts["The comment you answer is not here any more."]);
        }

        var now = time.GetUtcNow();
        var guest = comment.Account is null ? GuestOf(db, comment, known, now) : null;
        var writer = comment.Account?.UserId ?? guest!.Id;
        var added = new Comment
        {
            Id = comment.Id,
            PostId = comment.PostId,
            ParentId = comment.ParentId,
            UserId = comment.Account?.UserId,
            GuestId = guest?.Id,
            AuthorName = comment.Name,
            Body = comment.Body,
            Html = comment.Html,
            IdempotencyKey = key,
            NotifyReplies = comment.NotifyReplies,
            TraceParent = comment.TraceParent,
            // The clocks of two nodes differ a little, and an answer must not stand before its question. PostgreSQL keeps microseconds.
            CreatedAt = parent is not null && parent.CreatedAt >= now ? parent.CreatedAt.AddMicroseconds(1) : now,
        };
        var number = thread.Next();
        if ((comment.Held ?? moderation.JudgeWriter(comment.Account?.IsStaff == true, known.Trusted.Contains(writer))) is { } reason)
        {
            added.Hold(reason, number);
        }
        else
        {
            added.Approve(number);
        }

        db.Comments.Add(added);
        known.Earlier.Add(added);
        return new CommentOutcome.Saved(added.Id, guest?.Id ?? default, added.Status);
    }

    private static Guest GuestOf(BlogDbContext db, NewComment comment, Known known, DateTimeOffset now)
    {
        // A guest linked to an account is not reused: its user is signed out, or another person uses the browser.
        if (comment.GuestId is { } id && known.Guests.TryGetValue(id, out var guest) && guest.UserId is null)
        {
            guest.Name = comment.Name;
            guest.UseEmail(comment.Email);
            return guest;
        }

        guest = new Guest { Id = comment.NewGuestId, Name = comment.Name, Culture = comment.Culture, CreatedAt = now };
        guest.UseEmail(comment.Email);
        db.Guests.Add(guest);
        return guest;
    }

    private static CommentOutcome.Rejected Rejected(string field, string message) => new(new Dictionary<string, string> { [field] = message });

    private sealed class ThreadNumbers(string slug, long last, bool closed)
    {
        private long _last = last;

        public string Slug { get; } = slug;

        public bool Closed { get; } = closed;

        public long Next() => ++_last;
    }

    private static bool IsBy(Guid? writer, Comment comment) => writer is not null && (comment.UserId ?? comment.GuestId) == writer;

    private sealed record Known(
        List<Comment> Earlier,
        Dictionary<Guid, string> FirstBodies,
        Dictionary<Guid, Guest> Guests,
        Dictionary<Guid, Comment> Parents,
        HashSet<Guid> Trusted,
        DateTimeOffset Recently)
    {
        /// <summary>The comment that an earlier post of the same form made.</summary>
        public Comment? Repeated(NewComment comment) =>
            Earlier.Find(earlier => earlier.Id == comment.Id || (earlier.IdempotencyKey is not null && earlier.IdempotencyKey == comment.IdempotencyKey))
            ?? (comment.IsScripted ? null : Earlier.Find(earlier => earlier.CreatedAt > Recently && IsBy(comment.WriterId, earlier) && IsSame(earlier, comment)));

        /// <summary>Whether it said the same when it was posted. The name of an account may have changed since, that of a guest does not.</summary>
        public bool IsSame(Comment earlier, NewComment comment) =>
            earlier.PostId == comment.PostId && earlier.ParentId == comment.ParentId
            && FirstBodies.GetValueOrDefault(earlier.Id, earlier.Body) == comment.Body
            && (earlier.UserId is not null || earlier.AuthorName == comment.Name);
    }
}
