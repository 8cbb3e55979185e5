using System.Data.Common;
using BlazorBlog.Comments;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Data.Changes;
using BlazorBlog.Data.Providers;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace BlazorBlog.Data;

/// <summary>What becomes of work whose connection to a server breaks.</summary>
public sealed class RetriesTests(PostgreSqlServer server) : DatabaseTests(server)
{
    private readonly RecordingChanges _changes = new(typeof(Comment), typeof(OutboxMessage), typeof(Tag));

    [Theory]
    [InlineData(ConnectionBreak.InStatement, "SET \"ThreadSequence\"", "")]
    [InlineData(ConnectionBreak.InStatement, "INSERT INTO \"Comments\"", "")]
    [InlineData(ConnectionBreak.InStatement, "INSERT INTO \"Comments\"", "0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData(ConnectionBreak.BeforeCommit, "INSERT INTO \"Comments\"", "")]
    [InlineData(ConnectionBreak.BeforeCommit, "INSERT INTO \"Comments\"", "0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData(ConnectionBreak.AfterCommit, "INSERT INTO \"Comments\"", "")]
    [InlineData(ConnectionBreak.AfterCommit, "INSERT INTO \"Comments\"", "0f8fad5b-d9cb-469f-a165-70867728950e")]
    public async Task A_comment_is_saved_announced_and_counted_once(ConnectionBreak moment, string statement, string key)
    {
        var post = await Blog.AddPostAsync();
        await using var node = Open(moment, statement, out var connection);

        var saved = Assert.IsType<CommentOutcome.Saved>(await node.CommentAsync(post.Slug, "Hello", key));

        Assert.True(connection.IsBroken);
        await using var db = Blog.OpenContext();
        var comment = await db.Comments.SingleAsync(Cancel);
        // Counted twice, it would be the second of this minute, and held.
        Assert.Equal((saved.CommentId, 1L, CommentStatus.Approved), (comment.Id, comment.Sequence, comment.Status));
        Assert.Equal(saved.GuestId, (await db.Guests.SingleAsync(Cancel)).Id);
        Assert.Equal(1, await db.Posts.Select(p => p.ThreadSequence).SingleAsync(Cancel));
        Assert.Equal(comment.Id, (await db.OutboxMessages.SingleAsync(Cancel)).CommentId);
        Assert.Equal(
            ["after commit Comment Created", "after commit OutboxMessage Created"],
            _changes.Told.Where(told => told.StartsWith("after", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData(ConnectionBreak.InStatement)]
    [InlineData(ConnectionBreak.BeforeCommit)]
    [InlineData(ConnectionBreak.AfterCommit)]
    public async Task A_moderator_s_change_is_made_and_told_once(ConnectionBreak moment)
    {
        var post = await Blog.AddPostAsync();
        var id = Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(post.Slug, "Hello")).CommentId;
        await using var node = Open(moment, "UPDATE \"Comments\"", out var connection);

        var isHidden = await node.Get<CommentChanges>().ChangeAsync(
            id,
            (_, known, number) =>
            {
                var wasVisible = known.IsVisible;
                known.Hide(number);
                return Task.FromResult(wasVisible);
            },
            Cancel);

        Assert.True(connection.IsBroken);
        Assert.True(isHidden);
        await using var db = Blog.OpenContext();
        var comment = await db.Comments.SingleAsync(Cancel);
        Assert.Equal((CommentStatus.Hidden, 2L), (comment.Status, comment.Sequence));
        Assert.Single(await db.AuditEntries.Where(entry => entry.EntityId == id).ToListAsync(Cancel));
        Assert.Equal("after commit Comment Updated", Assert.Single(_changes.Told, told => told.StartsWith("after", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(ConnectionBreak.InStatement)]
    [InlineData(ConnectionBreak.AfterCommit)]
    public async Task Deliveries_of_a_repeated_fan_out_are_planned_once_and_sent_at_once(ConnectionBreak moment)
    {
        var post = await Blog.AddPostAsync();
        await Blog.CommentAsync(post.Slug, "Hello");
        await using var node = Open(moment, "INSERT INTO \"Deliveries\"", out var connection, ("Email:Transport", "Memory"), ("Sms:Transport", "Memory"), ("Notifications:HoldFor", "00:00:00"));

        var (leased, _) = await node.Get<OutboxProcessor>().RunAsync(_ => 100, Cancel);

        Assert.True(connection.IsBroken);
        Assert.NotEmpty(leased);
        await using var db = Blog.OpenContext();
        Assert.Equal(
            leased.Select(delivery => delivery.Id).Order(),
            await db.Deliveries.Where(delivery => delivery.LeaseOwner != null).Select(delivery => delivery.Id).Order().ToListAsync(Cancel));
        Assert.Single(await db.Deliveries.Where(delivery => delivery.Channel == NotificationChannel.Email).ToListAsync(Cancel));
        Assert.NotNull((await db.OutboxMessages.SingleAsync(Cancel)).ProcessedAt);
    }

    [Fact]
    public async Task A_save_of_its_own_is_repeated_whole_and_told_once()
    {
        var post = await Blog.AddPostAsync();
        await using var node = Open(ConnectionBreak.InStatement, "INSERT INTO \"OutboxMessages\"", out var connection);
        await using (var db = node.OpenContext())
        {
            db.Comments.Add(NewComment(post));
            await db.SaveChangesAsync(Cancel);
        }

        Assert.True(connection.IsBroken);
        await using var after = Blog.OpenContext();
        Assert.Equal((await after.Comments.SingleAsync(Cancel)).Id, (await after.OutboxMessages.SingleAsync(Cancel)).CommentId);
        Assert.Equal(
            [
                "before save Comment Created", "before save OutboxMessage Created",
                "after commit Comment Created", "after commit OutboxMessage Created",
            ],
            _changes.Told);
    }

    [Fact]
    public async Task A_save_of_its_own_whose_commit_was_not_answered_fails_and_is_not_repeated()
    {
        await using var node = Open(ConnectionBreak.AfterCommit, "INSERT INTO \"Tags\"", out var connection);
        await using (var db = node.OpenContext())
        {
            db.Tags.Add(new Tag { Slug = "a", Name = "A" });

            // Repeated, it would be a DbUpdateException: the row is there.
            await Assert.ThrowsAnyAsync<DbException>(() => db.SaveChangesAsync(Cancel));
        }

        Assert.True(connection.IsBroken);
        await using var after = Blog.OpenContext();
        Assert.Equal(1, await after.Tags.CountAsync(Cancel));
        Assert.Empty(_changes.Committed);
    }

    [Fact]
    public async Task A_timeout_is_not_repeated()
    {
        await using var db = Blog.OpenContext();
        db.Database.SetCommandTimeout(1);
        var begun = TimeProvider.System.GetTimestamp();

        await Assert.ThrowsAsync<NpgsqlException>(() => db.Database.ExecuteSqlAsync($"SELECT pg_sleep(30)", Cancel));

        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private DatabaseBlog Open(ConnectionBreak moment, string statement, out BrokenConnection connection, params (string Key, string Value)[] settings)
    {
        var broken = connection = new BrokenConnection(Database, moment, statement);
        return DatabaseBlog.Open(
            Database,
            configure: services => services.ConfigureDbContext<PostgreSqlBlogDbContext>(options => options.AddInterceptors(broken))
                .AddSingleton<IEntityChangeHandler>(_changes),
            settings: [("RateLimits:Enabled", "true"), ("Comments:HoldAbovePerMinute", "1"), .. settings]);
    }

    private static Comment NewComment(Post post)
    {
        var comment = new Comment
        {
            PostId = post.Id,
            UserId = post.AuthorId,
            AuthorName = "Ada",
            Body = "Hello",
            Html = "<p>Hello</p>",
            CreatedAt = post.CreatedAt,
        };
        comment.Approve(1);
        return comment;
    }
}
