using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Comments;

/// <summary>Whoever follows the feed of a thread ends with what the database holds, however many write at once.</summary>
public abstract class ThreadFeedTests(IDatabaseServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task A_reader_who_follows_sixteen_writers_misses_nothing_and_hears_nothing_twice()
    {
        const int writers = 16, each = 12;
        var post = await Blog.AddPostAsync();
        var nodes = new[] { Blog, OpenNode() };
        using var written = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reading = Task.Run(() => FollowAsync(post, written.Token), Cancel);

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(nodes[writer % nodes.Length], post, writer, each), Cancel)));
        await written.CancelAsync();
        var (replica, answers) = await reading;

        Assert.Equal(await ReadAsync(post), replica);
        Assert.True(answers > 1, "The reader followed while the writers wrote.");
        var numbers = await NumbersAsync(post);
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
    }

    [Fact]
    public async Task What_changes_nothing_takes_no_number_and_is_not_told()
    {
        var post = await Blog.AddPostAsync();
        var id = await CommentAsync(Blog, post, "Hello");
        await Blog.MustAsync(service => service.HideCommentAsync(id, Cancel));
        var before = (await Blog.UseAsync(service => service.ReadChangesAsync(post.Id, 0, Cancel)))!.Sequence;

        Assert.False(await Blog.UseAsync(service => service.HideCommentAsync(id, Cancel)));
        Assert.False(await Blog.UseAsync(service => service.ApproveCommentAsync(Guid.CreateVersion7(), Cancel)));
        Assert.IsType<OwnOutcome.NoSuchComment>(await Blog.UseAsync(service => service.ReactAsync(post.Slug, id, default, Reaction.Like, true, Cancel)));

        var after = await Blog.UseAsync(service => service.ReadChangesAsync(post.Id, before, Cancel));
        Assert.Equal(before, after!.Sequence);
        Assert.Empty(after.Rows);
    }

    [Fact]
    public async Task Only_what_changed_is_told_once_as_it_stands_now()
    {
        var post = await Blog.AddPostAsync();
        var first = await CommentAsync(Blog, post, "First");
        var second = await CommentAsync(Blog, post, "Second");
        await CommentAsync(Blog, post, "Third");
        var known = (await Blog.UseAsync(service => service.ReadChangesAsync(post.Id, 0, Cancel)))!;
        Assert.Equal(3, known.Rows.Count);

        await Blog.UseAsync(service => service.ReactAsync(post.Slug, first, default, Reaction.Love, true, Cancel));
        await Blog.UseAsync(service => service.ReactAsync(post.Slug, first, default, Reaction.Love, true, Cancel));
        await Blog.MustAsync(service => service.RemoveCommentAsync(second, Cancel));

        var changes = (await Blog.UseAsync(service => service.ReadChangesAsync(post.Id, known.Sequence, Cancel)))!;
        Assert.Equal([first, second], changes.Rows.Select(row => row.Id));
        Assert.Equal(2, changes.Rows[0].Reactions[Reaction.Love]);
        Assert.True(changes.Rows[1].Removed);
        Assert.Null(await Blog.UseAsync(service => service.ReadChangesAsync(Guid.CreateVersion7(), 0, Cancel)));
    }

    /// <summary>Adds, edits, removes, hides, approves and reacts.</summary>
    private static async Task WriteAsync(DatabaseBlog node, Post post, int writer, int each)
    {
        Guid? last = null;
        for (var i = 0; i < each; i++)
        {
            var id = await CommentAsync(node, post, $"Number {i} of writer {writer}", last);
            var author = await AuthorAsync(node, id);
            switch ((writer + i) % 5)
            {
                case 0:
                    Assert.IsType<OwnOutcome.Done>(await node.UseAsync(service => service.EditCommentAsync(post.Slug, id, author, $"Edited {i} by {writer}", Cancel)));
                    break;
                case 1:
                    Assert.IsType<OwnOutcome.Done>(await node.UseAsync(service => service.RemoveOwnCommentAsync(post.Slug, id, author, Cancel)));
                    continue;
                case 2:
                    await node.MustAsync(service => service.HideCommentAsync(id, Cancel));
                    await node.MustAsync(service => service.ApproveCommentAsync(id, Cancel));
                    break;
                case 3:
                    Assert.IsType<OwnOutcome.Done>(await node.UseAsync(service => service.ReactAsync(post.Slug, id, author, Reaction.Laugh, true, Cancel)));
                    break;
                default:
                    await node.MustAsync(service => service.MarkCommentAsSpamAsync(id, Cancel));
                    continue;
            }

            last = id;
        }
    }

    private async Task<(SortedDictionary<Guid, string> Replica, int Answers)> FollowAsync(Post post, CancellationToken written)
    {
        var replica = new SortedDictionary<Guid, string>();
        var (known, answers) = (0L, 0);
        while (true)
        {
            var isLast = written.IsCancellationRequested;
            var changes = (await Blog.UseAsync(service => service.ReadChangesAsync(post.Id, known, Cancel)))!;
            Assert.True(changes.Sequence >= known, "Numbers go forward.");
            Assert.All(changes.Rows, row => Assert.InRange(row.Sequence, known + 1, changes.Sequence));
            Assert.Equal(changes.Rows.Select(row => row.Sequence).Order(), changes.Rows.Select(row => row.Sequence));
            Assert.Equal(changes.Rows.Count, changes.Rows.DistinctBy(row => row.Id).Count());
            foreach (var row in changes.Rows)
            {
                replica[row.Id] = $"{row.Sequence} {row.Approved} {row.Removed} {row.Html} {row.Reactions}";
            }

            answers += changes.Rows.Count > 0 ? 1 : 0;
            known = changes.Sequence;
            if (isLast)
            {
                // What is out of sight from the start is not told to those who know nothing; it is nothing to them.
                var visible = (await ReadAsync(post)).Keys.ToHashSet();
                return (new SortedDictionary<Guid, string>(replica.Where(pair => visible.Contains(pair.Key)).ToDictionary()), answers);
            }
        }
    }

    private async Task<SortedDictionary<Guid, string>> ReadAsync(Post post)
    {
        await using var db = Blog.OpenContext();
        var rows = await db.Comments.AsNoTracking().Where(comment => comment.PostId == post.Id).ToListAsync(Cancel);
        return new SortedDictionary<Guid, string>(rows
            .Where(row => row.Status == CommentStatus.Approved)
            .ToDictionary(row => row.Id, row => $"{row.Sequence} {row.Status == CommentStatus.Approved} {row.RemovedAt is not null} {row.Html} {row.Reactions}"));
    }

    private async Task<List<long>> NumbersAsync(Post post)
    {
        await using var db = Blog.OpenContext();
        return await db.Comments.Where(comment => comment.PostId == post.Id).Select(comment => comment.Sequence).ToListAsync(Cancel);
    }

    private static async Task<Guid> CommentAsync(DatabaseBlog node, Post post, string body, Guid? parentId = null) =>
        Assert.IsType<CommentOutcome.Saved>(await node.CommentAsync(post.Slug, body, parentId: parentId)).CommentId;

    private static async Task<CommentAuthor> AuthorAsync(DatabaseBlog node, Guid id)
    {
        await using var db = node.OpenContext();
        return CommentAuthor.OfGuest(await db.Comments.Where(comment => comment.Id == id).Select(comment => comment.GuestId).SingleAsync(Cancel));
    }
}

public sealed class SqliteThreadFeedTests(SqliteFiles files) : ThreadFeedTests(files);

public sealed class PostgreSqlThreadFeedTests(PostgreSqlServer server) : ThreadFeedTests(server);
