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
        if (isRepeat)
        {
            var ids = comments.Select(comment => comment.Id).ToList();
            earlier.AddRange(await db.Comments.AsNoTracking().Where(comment => EF.Parameter(ids).Contains(comment.Id)).ToListAsync(cancellationToken));
        }

        if (keys.Count > 0)
        {
            earlier.AddRange(await db.Comments.AsNoTracking().Where(comment => EF.Parameter(keys).Contains(comment.IdempotencyKey!)).ToListAsync(cancellationToken));
        }

        Dictionary<Guid, Guest> guests = [];
        HashSet<Guid> trusted = [];
        if (guestIds.Count > 0)
        {
            guests = await db.Guests.Where(guest => EF.Parameter(guestIds).Contains(guest.Id)).ToDictionaryAsync(guest => guest.Id, cancellationToken);
            if (comments.Any(comment => comment.IdempotencyKey is null))
            {
                earlier.AddRange(await db.Comments.AsNoTracking()
                    .Where(comment => EF.Parameter(guestIds).Contains(comment.GuestId!.Value) && comment.CreatedAt > recently && comment.IdempotencyKey == null)
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
            if (comments.Any(comment => comment is { Account: not null, IdempotencyKey: null }))
            {
                earlier.AddRange(await db.Comments.AsNoTracking()
                    .Where(comment => EF.Parameter(userIds).Contains(comment.UserId!.Value) && comment.CreatedAt > recently && comment.IdempotencyKey == null)
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
        return new Known(earlier, guests, parents, trusted);
    }

    private CommentOutcome Add(BlogDbContext db, NewComment comment, Dictionary<Guid, ThreadNumbers> threads, Known known)
    {
        if (!threads.TryGetValue(comment.PostId, out var thread) || thread.Slug != comment.Slug)
        {
            return new CommentOutcome.NoSuchPost();
        }

        if (known.Repeated(comment) is { } repeated)
        {
            return repeated.PostId == comment.PostId && repeated.ParentId == comment.ParentId && repeated.Body == comment.Body && repeated.AuthorName == comment.Name
                ? new CommentOutcome.Saved(repeated.Id, repeated.GuestId ?? default, repeated.Status)
                : Rejected(nameof(CommentDraft.IdempotencyKey), texts["This form cannot be sent again. Reload the page; your text is kept."]);
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
            IdempotencyKey = comment.IdempotencyKey,
            NotifyReplies = comment.NotifyReplies,
            TraceParent = comment.TraceParent,
            // The clocks of two nodes differ a little, and an answer must not stand before its question. PostgreSQL keeps microseconds.
            CreatedAt = parent is not null && parent.CreatedAt >= now ? parent.CreatedAt.AddMicroseconds(1) : now,
        };
        var number = thread.Next();
        if (moderation.Judge(comment, writer, known.Trusted.Contains(writer)) is { } reason)
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

    private sealed record Known(List<Comment> Earlier, Dictionary<Guid, Guest> Guests, Dictionary<Guid, Comment> Parents, HashSet<Guid> Trusted)
    {
        /// <summary>The comment that an earlier post of the same form made.</summary>
        public Comment? Repeated(NewComment comment) => Earlier.Find(earlier => earlier.Id == comment.Id) ?? (comment.IdempotencyKey is { } key
            ? Earlier.Find(earlier => earlier.IdempotencyKey == key)
            : Earlier.Find(earlier => comment.WriterId is { } writer && (earlier.UserId ?? earlier.GuestId) == writer && earlier.IdempotencyKey is null
                && earlier.PostId == comment.PostId && earlier.ParentId == comment.ParentId && earlier.Body == comment.Body));
    }
}
