using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Comments.Posting;

public abstract class CommentStoreTests(IDatabaseServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task A_comment_and_the_intent_to_notify_are_saved_together()
    {
        var post = await Blog.AddPostAsync();
        using var measurements = new Measurements(Blog.Services);

        var saved = Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(post.Slug, "Hello"));

        await using var db = Blog.OpenContext();
        var comment = await db.Comments.SingleAsync(Cancel);
        var message = await db.OutboxMessages.SingleAsync(Cancel);
        Assert.Equal((saved.CommentId, 1L), (comment.Id, comment.Sequence));
        Assert.Equal((comment.Id, OutboxKind.CommentPublished), (message.CommentId, message.Kind));
        Assert.Equal(["blog.comments.post.duration Saved"], measurements.Seen.Keys);
    }

    [Fact]
    public async Task A_comment_that_was_saved_although_the_save_failed_is_saved_once()
    {
        var post = await Blog.AddPostAsync();
        // Of somebody new and without a key: nothing but its own id tells it from another one with the same words.
        var comment = new NewComment(post.Id, post.Slug, null, null, "Grace", null, "Hello", "<p>Hello</p>", null, NotifyReplies: false, Culture: null);
        var transaction = Blog.Get<CommentStore>();
        var first = await transaction.SaveAsync([comment], isRepeat: false, Cancel);

        var second = await transaction.SaveAsync([comment], isRepeat: true, Cancel);

        Assert.Equal(first, second);
        await using var db = Blog.OpenContext();
        Assert.Single(await db.Comments.ToListAsync(Cancel));
        Assert.Single(await db.OutboxMessages.ToListAsync(Cancel));
    }

    [Fact]
    public async Task Without_the_intent_to_notify_there_is_no_comment()
    {
        var post = await Blog.AddPostAsync();
        await using var db = Blog.OpenContext();
        await db.Database.ExecuteSqlRawAsync("DROP TABLE \"OutboxMessages\"", Cancel);

        await Assert.ThrowsAsync<DbUpdateException>(() => Blog.CommentAsync(post.Slug, "Hello"));

        Assert.Empty(await db.Comments.ToListAsync(Cancel));
        Assert.Empty(await db.Guests.ToListAsync(Cancel));
        Assert.Equal(0, await db.Posts.Select(p => p.ThreadSequence).SingleAsync(Cancel));
    }

    [Fact]
    public async Task Writers_at_once_number_the_thread_and_a_reader_of_higher_numbers_misses_none()
    {
        const int writers = 16, each = 8;
        var post = await Blog.AddPostAsync();
        DatabaseBlog[] nodes = [Blog, OpenNode()];

        var reading = Task.Run(() => TailAsync(post.Id, writers * each), Cancel);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                Assert.IsType<CommentOutcome.Saved>(await nodes[writer % nodes.Length].CommentAsync(post.Slug, $"{writer}/{i}"));
            }
        }, Cancel))).WaitAsync(Patience, Cancel);
        var seen = await reading.WaitAsync(Patience, Cancel);

        Assert.Equal(Enumerable.Range(1, writers * each).Select(number => (long)number), seen);
    }

    [Fact]
    public async Task Writers_of_several_threads_never_wait_for_each_other_in_a_circle()
    {
        const int writers = 12, each = 6;
        var slugs = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            slugs.Add((await Blog.AddPostAsync($"post-{i}")).Slug);
        }

        var guests = await Task.WhenAll(slugs.Select(async slug => ((CommentOutcome.Saved)await Blog.CommentAsync(slug, "First")).GuestId));
        DatabaseBlog[] nodes = [Blog, OpenNode()];

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                var outcome = await nodes[writer % nodes.Length].CommentAsync(slugs[(writer + i) % 3], $"{writer}/{i}", guestId: guests[(writer * i) % 3]);
                Assert.IsType<CommentOutcome.Saved>(outcome);
            }
        }, Cancel))).WaitAsync(Patience, Cancel);

        await using var db = Blog.OpenContext();
        Assert.Equal((writers * each) + 3, await db.Comments.CountAsync(Cancel));
        Assert.Equal((writers * each) + 3, await db.OutboxMessages.CountAsync(Cancel));
    }

    [Fact]
    public async Task One_form_sent_to_two_nodes_at_once_makes_one_comment()
    {
        var post = await Blog.AddPostAsync();
        DatabaseBlog[] nodes = [Blog, OpenNode()];
        var key = Guid.NewGuid().ToString();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => nodes[i % 2].CommentAsync(post.Slug, "Once", key), Cancel)));

        var ids = outcomes.Select(outcome => Assert.IsType<CommentOutcome.Saved>(outcome).CommentId);
        Assert.Single(ids.Distinct());
        await using var db = Blog.OpenContext();
        Assert.Equal(1, await db.Comments.CountAsync(Cancel));
    }

    [Fact]
    public async Task A_form_key_used_by_two_writers_for_different_words_at_once_makes_two_comments()
    {
        var post = await Blog.AddPostAsync();
        var other = OpenNode();
        var key = Guid.NewGuid().ToString();

        var outcomes = await Task.WhenAll(
            Task.Run(() => Blog.CommentAsync(post.Slug, "Text", key), Cancel),
            Task.Run(() => other.CommentAsync(post.Slug, "Other text", key), Cancel));

        Assert.Equal(2, outcomes.Cast<CommentOutcome.Saved>().Select(saved => saved.CommentId).Distinct().Count());
    }

    [Fact]
    public async Task Text_that_the_database_cannot_hold_is_saved_readably()
    {
        var post = await Blog.AddPostAsync();

        Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(post.Slug, "Zero \0 and half \uD83D of a smile 😀"));

        await using var db = Blog.OpenContext();
        Assert.EndsWith("of a smile 😀", (await db.Comments.SingleAsync(Cancel)).Body, StringComparison.Ordinal);
    }

    /// <summary>As a node follows a thread: asks only for numbers above the last one it saw.</summary>
    private async Task<List<long>> TailAsync(Guid postId, int count)
    {
        var seen = new List<long>();
        while (seen.Count < count)
        {
            var last = seen.Count == 0 ? 0 : seen[^1];
            await using var db = Blog.OpenContext();
            seen.AddRange(await db.Comments.Where(comment => comment.PostId == postId && comment.Sequence > last)
                .OrderBy(comment => comment.Sequence).Select(comment => comment.Sequence).ToListAsync(Cancel));
        }

        return seen;
    }
}

public sealed class SqliteCommentStoreTests(SqliteFiles files) : CommentStoreTests(files);

public sealed class PostgreSqlCommentStoreTests(PostgreSqlServer server) : CommentStoreTests(server);
