using BlazorBlog.Comments;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Data;
using BlazorBlog.Data.Changes;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Notifications;

public sealed class CommentNotificationInterceptorTests : IAsyncLifetime
{
    private readonly RecordingChanges _rings = new(typeof(OutboxMessage));
    private TestBlog _blog = null!;
    private Post _post = null!;
    private BlogDbContext _db = null!;

    public async ValueTask InitializeAsync()
    {
        _blog = await TestBlog.StartAsync(options =>
        {
            options.Dispatches = false;
            options.Services = services => services.AddSingleton<IEntityChangeHandler>(_rings);
        });
        _post = await _blog.AddPostAsync();
        _db = await _blog.Services.GetRequiredService<IDbContextFactory<BlogDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        await _blog.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_saved_comment_and_its_message_are_one_save_and_ring_once(bool isAsync)
    {
        var comment = CommentBuilder.Comment(_post);
        _db.Comments.Add(comment);

        await SaveAsync(isAsync);

        var message = Assert.Single(await MessagesAsync());
        Assert.Equal((OutboxKind.CommentPublished, comment.Id), (message.Kind, message.CommentId));
        Assert.Equal(Rung(1), _rings.Told);
        Assert.True(HasRung());
    }

    [Fact]
    public async Task A_failed_save_repeated_on_the_same_context_writes_one_message()
    {
        var comment = CommentBuilder.Comment(_post);
        var wrong = new Tag { Slug = "a", Name = "A" };
        await _blog.ChangeAsync(db => db.Tags.Add(new Tag { Slug = "a", Name = "A" }));
        _db.AddRange(comment, wrong);
        await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(isAsync: true));
        Assert.Throws<DbUpdateException>(() => _db.SaveChanges());
        Assert.Empty(await MessagesAsync());
        Assert.Empty(_rings.Committed);
        Assert.False(HasRung());

        _db.Entry(wrong).State = EntityState.Detached;
        await SaveAsync(isAsync: true);

        Assert.Single(await MessagesAsync());
        Assert.Single(_rings.Committed);
    }

    [Fact]
    public async Task A_rolled_back_transaction_leaves_nothing_and_rings_nothing()
    {
        await using (var transaction = await _db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            _db.Comments.Add(CommentBuilder.Comment(_post));
            await SaveAsync(isAsync: true);
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(await MessagesAsync());
        Assert.Empty(await _blog.CommentsAsync());
        Assert.Empty(_rings.Committed);
        Assert.False(HasRung());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_transaction_the_bell_waits_for_the_commit(bool isAsync)
    {
        await using var transaction = await _db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        _db.Comments.Add(CommentBuilder.Comment(_post));
        await SaveAsync(isAsync);
        _db.Comments.Add(CommentBuilder.Comment(_post));
        await SaveAsync(isAsync);
        Assert.Empty(_rings.Committed);
        Assert.False(HasRung());

        if (isAsync)
        {
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }
        else
        {
            transaction.Commit();
        }

        Assert.Equal(2, _rings.Committed.Count);
        Assert.True(HasRung());
        Assert.Equal(2, (await MessagesAsync()).Count);
    }

    [Fact]
    public async Task A_transaction_that_was_simply_dropped_is_not_announced_by_the_next_one()
    {
        await using (await _db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            _db.Comments.Add(CommentBuilder.Comment(_post));
            await SaveAsync(isAsync: true);
        }

        _db.ChangeTracker.Clear();
        await using (var transaction = await _db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            _db.Tags.Add(new Tag { Slug = "b", Name = "B" });
            await SaveAsync(isAsync: true);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(_rings.Committed);
        Assert.False(HasRung());
    }

    [Fact]
    public async Task A_held_comment_is_told_to_moderators_at_once_and_to_readers_when_it_is_approved()
    {
        var comment = CommentBuilder.Comment(_post);
        comment.Hold(HoldReason.EveryComment, 1);
        _db.Comments.Add(comment);
        await SaveAsync(isAsync: true);
        Assert.Equal(OutboxKind.CommentHeld, Assert.Single(await MessagesAsync()).Kind);

        comment.Approve(2);
        await SaveAsync(isAsync: true);

        var messages = await MessagesAsync();
        Assert.Equal([OutboxKind.CommentPublished, OutboxKind.CommentHeld], messages.Select(message => message.Kind).Order());
        Assert.All(messages, message => Assert.Equal(comment.Id, message.CommentId));
    }

    [Fact]
    public async Task A_comment_taken_out_of_the_spam_is_news_and_one_that_a_moderator_takes_back_is_none()
    {
        var spam = CommentBuilder.Comment(_post);
        spam.MarkAsSpam(1);
        var seen = CommentBuilder.Comment(_post);
        _db.Comments.AddRange(spam, seen);
        await SaveAsync(isAsync: true);
        Assert.Equal(seen.Id, Assert.Single(await MessagesAsync()).CommentId);

        spam.Approve(2);
        seen.Hold(HoldReason.Moderator, 3);
        await SaveAsync(isAsync: true);

        Assert.Equal([seen.Id, spam.Id], (await MessagesAsync()).Where(message => message.Kind == OutboxKind.CommentPublished).OrderBy(message => message.Id).Select(message => message.CommentId));
        Assert.Equal(2, (await MessagesAsync()).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_comment_held_again_and_approved_again_is_no_news(bool isAsync)
    {
        var comment = CommentBuilder.Comment(_post);
        _db.Comments.Add(comment);
        await SaveAsync(isAsync);
        comment.Hold(HoldReason.EveryComment, 2);
        await SaveAsync(isAsync);

        comment.Approve(3);
        await SaveAsync(isAsync);

        Assert.Single(await MessagesAsync(), message => message.Kind == OutboxKind.CommentPublished);
        Assert.Equal(CommentStatus.Approved, Assert.Single(await _blog.CommentsAsync()).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_hold_of_a_comment_is_an_event_of_its_own(bool isAsync)
    {
        var comment = CommentBuilder.Comment(_post);
        comment.Hold(HoldReason.EveryComment, 1);
        _db.Comments.Add(comment);
        await SaveAsync(isAsync);
        comment.Approve(2);
        await SaveAsync(isAsync);

        comment.Hold(HoldReason.BlockedWord, 3);
        await SaveAsync(isAsync);

        Assert.Equal([1L, 3L], (await MessagesAsync()).Where(message => message.Kind == OutboxKind.CommentHeld).Select(message => message.EventNumber).Order());
    }

    [Fact]
    public async Task A_failed_save_of_a_hold_repeated_with_another_number_writes_one_message()
    {
        var comment = CommentBuilder.Comment(_post);
        var wrong = new Tag { Slug = "a", Name = "A" };
        await _blog.ChangeAsync(db => db.Tags.Add(new Tag { Slug = "a", Name = "A" }));
        _db.Comments.Add(comment);
        await SaveAsync(isAsync: true);
        comment.Hold(HoldReason.EveryComment, 2);
        _db.Tags.Add(wrong);
        await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(isAsync: true));

        comment.Hold(HoldReason.EveryComment, 3);
        _db.Entry(wrong).State = EntityState.Detached;
        await SaveAsync(isAsync: true);

        Assert.Single(await MessagesAsync(), message => message.Kind == OutboxKind.CommentHeld);
    }

    [Fact]
    public async Task An_edited_or_removed_comment_writes_no_message()
    {
        var comment = CommentBuilder.Comment(_post);
        _db.Comments.Add(comment);
        await SaveAsync(isAsync: true);

        comment.Body = "Hello again.";
        await SaveAsync(isAsync: true);
        comment.Remove(2, _blog.Time.GetUtcNow());
        await SaveAsync(isAsync: true);

        Assert.Single(await MessagesAsync());
    }

    [Fact]
    public async Task A_comment_removed_while_it_waited_for_approval_is_no_news()
    {
        var comment = CommentBuilder.Comment(_post);
        comment.Hold(HoldReason.EveryComment, 1);
        _db.Comments.Add(comment);
        await SaveAsync(isAsync: true);

        comment.Remove(2, _blog.Time.GetUtcNow());
        comment.Approve(2);
        await SaveAsync(isAsync: true);

        Assert.Equal(OutboxKind.CommentHeld, Assert.Single(await MessagesAsync()).Kind);
    }

    [Fact]
    public async Task Imported_comments_are_no_news_and_a_pooled_context_forgets_that_it_imported()
    {
        _db.IsImporting = true;
        _db.Comments.Add(CommentBuilder.Comment(_post));
        await SaveAsync(isAsync: true);
        Assert.Empty(await MessagesAsync());

        await _db.DisposeAsync();
        _db = await _blog.Services.GetRequiredService<IDbContextFactory<BlogDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.False(_db.IsImporting);
    }

    private static IReadOnlyList<string> Rung(int times) =>
        [.. Enumerable.Repeat("before save OutboxMessage Created", times), .. Enumerable.Repeat("after commit OutboxMessage Created", times)];

    private Task SaveAsync(bool isAsync)
    {
        if (isAsync)
        {
            return _db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        _db.SaveChanges();
        return Task.CompletedTask;
    }

    private Task<List<OutboxMessage>> MessagesAsync() => _blog.ReadAsync(db => db.OutboxMessages.AsNoTracking().ToListAsync());

    /// <summary>A ring is kept until somebody listens, so listening tells at once whether there was one.</summary>
    private bool HasRung()
    {
        using var stop = new CancellationTokenSource();
        var listening = _blog.Services.GetRequiredService<OutboxSignal>().WaitAsync(TimeSpan.FromHours(1), stop.Token);
        var rung = listening.IsCompletedSuccessfully;
        stop.Cancel();
        return rung;
    }
}
