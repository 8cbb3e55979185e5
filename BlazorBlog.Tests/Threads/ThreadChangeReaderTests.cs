using System.Collections.Concurrent;
using BlazorBlog.Comments;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Data.Providers;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Threads;

public abstract class ThreadChangeReaderTests(IDatabaseServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task Whoever_follows_a_thread_that_sixteen_writers_change_ends_with_what_the_database_holds()
    {
        const int writers = 16, each = 14;
        var post = await Blog.AddPostAsync();
        DatabaseBlog[] nodes = [Blog, OpenNode(), OpenNode()];
        using var written = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var following = Task.Run(() => FollowAsync(nodes[^1], post, written.Token), Cancel);
        var comments = new ConcurrentQueue<Guid>();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(
            async () =>
            {
                var hand = new Writer(nodes[writer % nodes.Length], post, comments, writer);
                for (var i = 0; i < each; i++)
                {
                    await hand.ChangeSomethingAsync();
                }
            },
            Cancel))).WaitAsync(Patience, Cancel);
        await written.CancelAsync();
        var replica = await following.WaitAsync(Patience, Cancel);

        await using var db = Blog.OpenContext();
        var rows = await db.Comments.AsNoTracking().Where(comment => comment.PostId == post.Id).OrderBy(comment => comment.Sequence).ToListAsync(Cancel);
        Assert.Equal(rows.Where(row => row.IsVisible || replica.ContainsKey(row.Id)).Select(Look), replica.Values.OrderBy(row => row.Sequence).Select(Look));
        Assert.Equal(rows.Count, rows.Select(row => row.Sequence).Distinct().Count());
        // Above it only where the last of a shared commit was refused.
        Assert.True(await db.Posts.Where(row => row.Id == post.Id).Select(row => row.ThreadSequence).SingleAsync(Cancel) >= rows[^1].Sequence);

        // Otherwise the writers did not do what this test is about.
        Assert.Contains(rows, row => row.RemovedAt is not null);
        Assert.Contains(rows, row => row.Status == CommentStatus.Hidden);
        Assert.Contains(rows, row => row.EditedAt is not null);
        Assert.Contains(rows, row => row.Reactions != new ReactionCounts());
    }

    [Fact]
    public async Task Every_kind_of_change_takes_the_next_number()
    {
        var post = await Blog.AddPostAsync();
        var one = await AddAsync(post);
        await AddAsync(post);
        var author = CommentAuthor.OfGuest(one.GuestId);

        await Blog.UseAsync(service => service.ReactAsync(post.Slug, one.CommentId, author, Reaction.Love, wanted: true, Cancel));
        Assert.Equal(1, (await ChangeAfterAsync(post, 2)).Reactions.Love);
        await Blog.UseAsync(service => service.ReactAsync(post.Slug, one.CommentId, author, Reaction.Love, wanted: null, Cancel));
        Assert.Equal(0, (await ChangeAfterAsync(post, 3)).Reactions.Love);
        await Blog.UseAsync(service => service.EditCommentAsync(post.Slug, one.CommentId, author, "Other words", Cancel));
        Assert.Contains("Other words", (await ChangeAfterAsync(post, 4)).Html, StringComparison.Ordinal);
        await Blog.MustModerateAsync(service => service.HideAsync(one.CommentId, Cancel));
        Assert.False((await ChangeAfterAsync(post, 5)).Approved);
        await Blog.MustModerateAsync(service => service.ApproveAsync(one.CommentId, Cancel));
        Assert.True((await ChangeAfterAsync(post, 6)).Approved);
        await Blog.MustModerateAsync(service => service.HoldAsync(one.CommentId, Cancel));
        Assert.False((await ChangeAfterAsync(post, 7)).Approved);
        await Blog.MustModerateAsync(service => service.MarkAsSpamAsync(one.CommentId, Cancel));
        Assert.False((await ChangeAfterAsync(post, 8)).Approved);
        await Blog.MustModerateAsync(service => service.ApproveAsync(one.CommentId, Cancel));
        await Blog.UseAsync(service => service.RemoveOwnCommentAsync(post.Slug, one.CommentId, author, Cancel));
        Assert.True((await ChangeAfterAsync(post, 10)).Removed);

        Assert.Equal(11, (await ReadAsync(post, 0)).Sequence);
    }

    [Fact]
    public async Task A_change_that_changes_nothing_takes_no_number()
    {
        var post = await Blog.AddPostAsync();
        var seen = await AddAsync(post);
        var gone = await AddAsync(post);
        var author = CommentAuthor.OfGuest(seen.GuestId);
        await Blog.UseAsync(service => service.ReactAsync(post.Slug, seen.CommentId, author, Reaction.Like, wanted: true, Cancel));
        await Blog.MustModerateAsync(service => service.RemoveAsync(gone.CommentId, Cancel));
        var key = Guid.NewGuid().ToString();
        await Blog.CommentAsync(post.Slug, "Hello", key);
        var before = await ReadAsync(post, 0);

        await Blog.UseAsync(service => service.ReactAsync(post.Slug, seen.CommentId, author, Reaction.Like, wanted: true, Cancel));
        await Blog.UseAsync(service => service.ReactAsync(post.Slug, seen.CommentId, author, Reaction.Love, wanted: false, Cancel));
        await Blog.UseAsync(service => service.ReactAsync(post.Slug, gone.CommentId, author, Reaction.Like, wanted: true, Cancel));
        await Blog.UseAsync(service => service.EditCommentAsync(post.Slug, seen.CommentId, author, "Hello", Cancel));
        await Blog.UseAsync(service => service.EditCommentAsync(post.Slug, seen.CommentId, CommentAuthor.OfGuest(gone.GuestId), "Not mine", Cancel));
        await Blog.UseAsync(service => service.RemoveOwnCommentAsync(post.Slug, gone.CommentId, CommentAuthor.OfGuest(gone.GuestId), Cancel));
        Assert.IsType<CommentOutcome.Rejected>(await Blog.CommentAsync(post.Slug, "To nobody", parentId: gone.CommentId));
        Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(post.Slug, "Hello", key));
        Assert.False(await Blog.ModerateAsync(service => service.ApproveAsync(seen.CommentId, Cancel)));
        Assert.False(await Blog.ModerateAsync(service => service.RemoveAsync(gone.CommentId, Cancel)));
        Assert.False(await Blog.ModerateAsync(service => service.HideAsync(gone.CommentId, Cancel)));
        Assert.False(await Blog.ModerateAsync(service => service.ApproveAsync(Guid.NewGuid(), Cancel)));

        var after = await ReadAsync(post, before.Sequence);
        Assert.Equal(before.Sequence, after.Sequence);
        Assert.Empty(after.Rows);
        Assert.Equal(before.Rows, (await ReadAsync(post, 0)).Rows);
    }

    [Fact]
    public async Task One_person_who_reacts_from_many_windows_at_once_reacts_once()
    {
        var post = await Blog.AddPostAsync();
        var comment = await AddAsync(post);
        var author = CommentAuthor.OfGuest(comment.GuestId);
        DatabaseBlog[] nodes = [Blog, OpenNode()];

        await Task.WhenAll(Enumerable.Range(0, 12).Select(window => Task.Run(
            () => nodes[window % 2].UseAsync(service => service.ReactAsync(post.Slug, comment.CommentId, author, Reaction.Like, wanted: true, Cancel)), Cancel)));

        var changes = await ReadAsync(post, 1);
        Assert.Equal(2, changes.Sequence);
        Assert.Equal(1, Assert.Single(changes.Rows).Reactions.Like);
    }

    [Fact]
    public async Task Only_what_changed_is_told_however_long_the_thread_is()
    {
        var post = await Blog.AddPostAsync();
        for (var i = 0; i < 30; i++)
        {
            await AddAsync(post);
        }

        var all = await ReadAsync(post, 0);
        var twice = all.Rows[7];
        await Blog.MustModerateAsync(service => service.HideAsync(twice.Id, Cancel));
        await Blog.MustModerateAsync(service => service.ApproveAsync(twice.Id, Cancel));

        var changes = await ReadAsync(post, all.Sequence);
        Assert.Equal((30, 32L), (all.Rows.Count, changes.Sequence));
        Assert.Equal((twice.Id, 32L, true), (Assert.Single(changes.Rows).Id, changes.Rows[0].Sequence, changes.Rows[0].Approved));
        Assert.Empty((await ReadAsync(post, changes.Sequence)).Rows);
    }

    [Fact]
    public async Task Whoever_knows_nothing_yet_is_not_told_of_what_is_out_of_sight_unless_answers_stand_below_it()
    {
        var post = await Blog.AddPostAsync();
        var leaf = await AddAsync(post);
        var parent = await AddAsync(post);
        var reply = await AddAsync(post, parent.CommentId);
        await Blog.MustModerateAsync(service => service.HideAsync(leaf.CommentId, Cancel));
        await Blog.MustModerateAsync(service => service.HideAsync(parent.CommentId, Cancel));

        var all = await ReadAsync(post, 0);

        Assert.Equal([(reply.CommentId, true), (parent.CommentId, false)], all.Rows.Select(row => (row.Id, row.Approved)));
        Assert.Equal(5, all.Sequence);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_comment_that_changes_while_the_thread_is_read_is_told_next_and_its_replies_do_not_jump(long after)
    {
        var meanwhile = new Meanwhile("Comments");
        await using var node = DatabaseBlog.Open(Database, configure: services => services
            .ConfigureDbContext<SqliteBlogDbContext>(options => options.AddInterceptors(meanwhile))
            .ConfigureDbContext<PostgreSqlBlogDbContext>(options => options.AddInterceptors(meanwhile)));
        var post = await Blog.AddPostAsync();
        await AddAsync(post);
        if (after > 0)
        {
            await node.UseAsync(service => service.ReadThreadAsync(post.Id, after, Cancel).AsTask());
        }

        var parent = await AddAsync(post);
        var reply = await AddAsync(post, parent.CommentId);
        meanwhile.Happens = () => Blog.UseAsync(service => service.ReactAsync(post.Slug, parent.CommentId, default, Reaction.Like, wanted: true, Cancel));

        var between = await node.UseAsync(service => service.ReadThreadAsync(post.Id, 3, Cancel).AsTask());
        var next = await node.UseAsync(service => service.ReadThreadAsync(post.Id, 4, Cancel).AsTask());

        Assert.Equal((3, 4), (between.Sequence, next.Sequence));
        Assert.DoesNotContain(between.Roots, root => root.Id == reply.CommentId);
        Assert.Equal([reply.CommentId], next.Find(parent.CommentId)!.Replies.Select(comment => comment.Id));
        Assert.Equal(1, next.Find(parent.CommentId)!.Reactions.Like);
    }

    [Fact]
    public async Task A_thread_hears_nothing_of_another_one()
    {
        var here = await Blog.AddPostAsync("here");
        var there = await Blog.AddPostAsync("there");
        await AddAsync(here);
        await AddAsync(there);
        await AddAsync(there);

        Assert.Equal([1L], (await ReadAsync(here, 0)).Rows.Select(row => row.Sequence));
        Assert.Equal([1L, 2L], (await ReadAsync(there, 0)).Rows.Select(row => row.Sequence));
    }

    [Fact]
    public async Task Of_a_post_that_does_not_exist_there_is_no_answer() =>
        Assert.Null(await Blog.UseAsync(service => service.ReadChangesAsync(Guid.NewGuid(), 0, Cancel)));

    private static (Guid Id, long Sequence, Guid? ParentId, string Html, bool Edited, bool Removed, bool Approved, ReactionCounts Reactions) Look(Comment row) =>
        (row.Id, row.Sequence, row.ParentId, row.Html, row.EditedAt is not null, row.RemovedAt is not null, row.Status == CommentStatus.Approved, row.Reactions);

    private static (Guid Id, long Sequence, Guid? ParentId, string Html, bool Edited, bool Removed, bool Approved, ReactionCounts Reactions) Look(CommentRecord row) =>
        (row.Id, row.Sequence, row.ParentId, row.Html, row.EditedAt is not null, row.Removed, row.Approved, row.Reactions);

    /// <summary>As a node follows a thread. The last look comes after the writers have ended.</summary>
    private static async Task<Dictionary<Guid, CommentRecord>> FollowAsync(DatabaseBlog node, Post post, CancellationToken written)
    {
        var replica = new Dictionary<Guid, CommentRecord>();
        var last = 0L;
        bool isLast;
        do
        {
            isLast = written.IsCancellationRequested;
            var changes = await node.UseAsync(service => service.ReadChangesAsync(post.Id, last, Cancel));
            Assert.NotNull(changes);
            Assert.True(changes.Sequence >= last, $"After {last} the thread stood at {changes.Sequence}.");
            var known = last;
            foreach (var row in changes.Rows)
            {
                Assert.True(row.Sequence > known, $"{row.Sequence} came after {known}.");
                Assert.True(row.Sequence <= changes.Sequence, $"{row.Sequence} came with an answer up to {changes.Sequence}.");
                known = row.Sequence;
                replica[row.Id] = row;
            }

            Assert.Equal(changes.Rows.Count, changes.Rows.Select(row => row.Id).Distinct().Count());
            last = changes.Sequence;
        }
        while (!isLast);

        return replica;
    }

    private async Task<CommentOutcome.Saved> AddAsync(Post post, Guid? parentId = null) =>
        Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(post.Slug, "Hello", parentId: parentId));

    private async Task<ThreadChanges> ReadAsync(Post post, long after) =>
        (await Blog.UseAsync(service => service.ReadChangesAsync(post.Id, after, Cancel)))!;

    private async Task<CommentRecord> ChangeAfterAsync(Post post, long after)
    {
        var row = Assert.Single((await ReadAsync(post, after)).Rows);
        Assert.Equal(after + 1, row.Sequence);
        return row;
    }

    /// <summary>One of many hands at one thread; what it does next is drawn by lot, the same in every run.</summary>
    private sealed class Writer(DatabaseBlog node, Post post, ConcurrentQueue<Guid> comments, int seed)
    {
#pragma warning disable CA5394 // A lot, not a secret.
        private readonly Random _lot = new(seed);

        private readonly List<Guid> _own = [];

        private Guid? _guest;

        public Task ChangeSomethingAsync() => _own.Count == 0 ? AddAsync() : _lot.Next(7) switch
        {
            0 or 1 => AddAsync(),
            2 => node.UseAsync(service => service.EditCommentAsync(post.Slug, Own(), Me, $"Changed to {_lot.Next()}", Cancel)),
            3 => node.UseAsync(service => service.RemoveOwnCommentAsync(post.Slug, Own(), Me, Cancel)),
            4 => node.ModerateAsync(service => service.HideAsync(Any(), Cancel)),
            5 => node.ModerateAsync(service => service.ApproveAsync(Any(), Cancel)),
            _ => node.UseAsync(service => service.ReactAsync(post.Slug, Any(), Me, (Reaction)_lot.Next(4), wanted: null, Cancel)),
        };

        private CommentAuthor Me => CommentAuthor.OfGuest(_guest);

        private async Task AddAsync()
        {
            // An answer is refused when its parent has just gone.
            var parent = _own.Count > 0 && _lot.Next(2) == 0 ? Any() : (Guid?)null;
            if (await node.CommentAsync(post.Slug, $"{seed}/{_own.Count}", guestId: _guest, parentId: parent) is CommentOutcome.Saved saved)
            {
                _guest = saved.GuestId;
                _own.Add(saved.CommentId);
                comments.Enqueue(saved.CommentId);
            }
        }

        private Guid Own() => _own[_lot.Next(_own.Count)];

        private Guid Any()
        {
            var all = comments.ToArray();
            return all[_lot.Next(all.Length)];
        }
#pragma warning restore CA5394
    }
}

public sealed class SqliteThreadChangeReaderTests(SqliteFiles files) : ThreadChangeReaderTests(files);

public sealed class PostgreSqlThreadChangeReaderTests(PostgreSqlServer server) : ThreadChangeReaderTests(server);
