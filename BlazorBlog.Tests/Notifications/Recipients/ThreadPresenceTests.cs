using BlazorBlog.Comments;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Notifications.Recipients;

/// <summary>Whoever has the thread in sight reads the comment there, and gets a mail only after leaving without having seen it.</summary>
public sealed class ThreadPresenceTests : IAsyncLifetime
{
    /// <summary>Shorter than a sign of life holds, longer than until it is renewed.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(40);

    private readonly FakeClock _clock = FakeClock.Running();
    private readonly Guid _window = Guid.NewGuid();
    private TestBlog _blog = null!;
    private Post _post = null!;
    private Comment _parent = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Ines => RecipientKey.OfGuest(_parent.GuestId!.Value);

    private ThreadPresence Presence => _blog.Services.GetRequiredService<ThreadPresence>();

    public ValueTask InitializeAsync() => StartAsync();

    public ValueTask DisposeAsync() => _blog.DisposeAsync();

    [Fact]
    public async Task A_notice_to_somebody_who_has_the_thread_in_sight_is_due_when_the_sign_of_life_ends()
    {
        await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
        var until = await UntilAsync();

        await AnswerAsync();

        var delivery = await PlannedAsync();
        Assert.Equal(DeliveryState.Pending, delivery.State);
        // The node may have renewed it in the meantime.
        Assert.InRange(delivery.DueAt, until, await UntilAsync());
        Assert.InRange(delivery.DueAt - delivery.CreatedAt, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(45));
        await Eventually.WaitUntilAsync(() => _blog.Mails.Count == 1, "the author, who is not there, was told at once");
    }

    [Fact]
    public async Task While_they_stay_it_is_looked_at_again_and_postponed_and_after_they_left_it_is_sent()
    {
        await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
        await AnswerAsync();
        var due = (await PlannedAsync()).DueAt;

        for (var i = 0; i < 3; i++)
        {
            await StayAsync(TimeSpan.FromSeconds(80));
            var before = due;
            await Eventually.WaitUntilAsync(async () => (await ToInesAsync()).DueAt > before, "the notice was postponed");
            due = (await ToInesAsync()).DueAt;
        }

        Assert.Equal((DeliveryState.Pending, 0, 0), ((await ToInesAsync()).State, (await ToInesAsync()).Attempts, (await ToInesAsync()).History.Count));
        await Presence.LeaveAsync(_post.Id, Ines, _window);
        await Eventually.WaitUntilAsync(async () => (await ToInesAsync()).State == DeliveryState.Accepted, "the notice was sent");
        Assert.Contains("An answer.", Assert.Single(_blog.Mails, mail => mail.To.Address == "ines@example.com").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_leaves_is_told_at_once_and_not_when_the_sign_of_life_would_have_ended()
    {
        await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
        await AnswerAsync();
        var due = (await PlannedAsync()).DueAt;

        await Presence.LeaveAsync(_post.Id, Ines, _window);
        await _blog.WaitUntilQuietAsync();

        var sent = await ToInesAsync();
        Assert.Equal(DeliveryState.Accepted, sent.State);
        Assert.True(sent.FinishedAt < due, $"It was sent at {sent.FinishedAt}, and due at {due}.");
    }

    [Fact]
    public async Task Who_leaves_one_of_two_windows_is_still_there()
    {
        var second = Guid.NewGuid();
        await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
        await Presence.EnterAsync(_post.Id, Ines, second, Cancel);
        await AnswerAsync();
        var due = (await PlannedAsync()).DueAt;

        await Presence.LeaveAsync(_post.Id, Ines, _window);
        Assert.Equal((DeliveryState.Pending, due), ((await ToInesAsync()).State, (await ToInesAsync()).DueAt));
        await Presence.LeaveAsync(_post.Id, Ines, second);

        await _blog.WaitUntilQuietAsync();
        Assert.Equal(DeliveryState.Accepted, (await ToInesAsync()).State);
    }

    [Fact]
    public async Task A_window_whose_node_died_is_left_when_its_sign_of_life_ends()
    {
        await _blog.ChangeAsync(db => db.ThreadReaders.Add(
            new ThreadReader { PostId = _post.Id, RecipientKey = Ines, WindowId = _window, Until = _clock.GetUtcNow().AddSeconds(45) }));
        await AnswerAsync();
        Assert.Equal(DeliveryState.Pending, (await PlannedAsync()).State);

        _clock.Advance(TimeSpan.FromSeconds(46));
        await _blog.WaitUntilQuietAsync();

        Assert.Equal(DeliveryState.Accepted, (await ToInesAsync()).State);
    }

    [Fact]
    public async Task Who_has_seen_the_comment_gets_no_mail_of_it()
    {
        await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
        var answer = await AnswerAsync();
        await PlannedAsync();

        await Presence.SeeAsync(Ines, [answer], Cancel);
        await Presence.LeaveAsync(_post.Id, Ines, _window);
        await _blog.WaitUntilQuietAsync();

        var delivery = await ToInesAsync();
        Assert.Equal((DeliveryState.NotSent, NotSentReason.SeenLive), (delivery.State, delivery.Reason));
        Assert.DoesNotContain(_blog.Mails, mail => mail.To.Address == "ines@example.com");
        Assert.Equal(["jin@example.com"], _blog.Mails.Select(mail => mail.To.Address));
    }

    [Fact]
    public async Task Who_sees_the_comment_before_its_notices_are_planned_gets_no_mail_either()
    {
        await _blog.DisposeAsync();
        await StartAsync(dispatches: false);
        await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
        var answer = await AnswerAsync();
        var seeing = Presence.SeeAsync(Ines, [answer], Cancel);
        Assert.False(seeing.IsCompleted);

        await _blog.Services.GetRequiredService<OutboxProcessor>().RunAsync(_ => 100, Cancel);
        await seeing.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        var delivery = await ToInesAsync();
        Assert.Equal((DeliveryState.NotSent, NotSentReason.SeenLive), (delivery.State, delivery.Reason));
    }

    [Fact]
    public async Task Seeing_what_one_gets_no_notice_of_does_not_wait_for_a_turn_to_write()
    {
        var answer = await AnswerAsync();
        await _blog.WaitUntilQuietAsync();
        using var turn = await _blog.Services.GetRequiredService<WriteGate>().EnterAsync(Cancel);

        await Presence.SeeAsync(RecipientKey.OfGuest(Guid.NewGuid()), [answer], Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task What_somebody_else_has_seen_is_still_news()
    {
        var answer = await AnswerAsync();

        await Presence.SeeAsync(RecipientKey.OfGuest(Guid.NewGuid()), [answer], Cancel);
        await _blog.WaitUntilQuietAsync();

        Assert.Equal(DeliveryState.Accepted, (await ToInesAsync()).State);
    }

    [Fact]
    public async Task Another_thread_or_another_person_in_this_one_changes_nothing()
    {
        var other = await _blog.AddPostAsync("Fast tea");
        await Presence.EnterAsync(other.Id, Ines, _window, Cancel);
        await Presence.EnterAsync(_post.Id, RecipientKey.OfGuest(Guid.NewGuid()), Guid.NewGuid(), Cancel);

        await AnswerAsync();
        await _blog.WaitUntilQuietAsync();

        var sent = await ToInesAsync();
        Assert.Equal(DeliveryState.Accepted, sent.State);
        Assert.True(sent.DueAt <= sent.CreatedAt, $"It was made at {sent.CreatedAt} and due at {sent.DueAt}.");
    }

    [Fact]
    public async Task Leaving_sends_nothing_before_the_time_for_second_thoughts_is_over()
    {
        await _blog.DisposeAsync();
        await StartAsync(holdFor: "00:10:00");
        await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
        var answer = await AnswerAsync();
        var planned = await PlannedAsync();
        var answeredAt = (await _blog.CommentsAsync()).Single(comment => comment.Id == answer).CreatedAt;

        await Presence.LeaveAsync(_post.Id, Ines, _window);
        _clock.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal(answeredAt.AddMinutes(10), planned.DueAt);
        Assert.Equal((DeliveryState.Pending, planned.DueAt), ((await ToInesAsync()).State, (await ToInesAsync()).DueAt));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _blog.WaitUntilQuietAsync();
        var sent = await ToInesAsync();
        Assert.Equal(DeliveryState.Accepted, sent.State);
        Assert.True(sent.FinishedAt >= answeredAt.AddMinutes(10));
    }

    [Fact]
    public async Task Leaving_hurries_no_notice_that_a_provider_put_off()
    {
        await _blog.DisposeAsync();
        await StartAsync(dispatches: false);
        await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
        var answer = await AnswerAsync();
        await _blog.Services.GetRequiredService<OutboxProcessor>().RunAsync(_ => 0, Cancel);
        var due = _clock.GetUtcNow().AddMinutes(20);
        await _blog.ChangeAsync(async db =>
            (await db.Deliveries.SingleAsync(delivery => delivery.RecipientKey == Ines && delivery.CommentId == answer)).RetryAt(due, SendResult.Transient("451")));

        await Presence.LeaveAsync(_post.Id, Ines, _window);

        Assert.Equal(due, (await ToInesAsync()).DueAt);
    }

    [Fact]
    public async Task Who_stays_for_half_an_hour_without_seeing_the_comment_gets_the_mail_all_the_same()
    {
        await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
        await AnswerAsync();
        var planned = await PlannedAsync();

        await StayAsync(TimeSpan.FromMinutes(29));
        Assert.Equal(DeliveryState.Pending, (await ToInesAsync()).State);
        await StayAsync(TimeSpan.FromMinutes(3));

        await Eventually.WaitUntilAsync(async () => (await ToInesAsync()).State == DeliveryState.Accepted, "the notice was sent");
        Assert.True((await ToInesAsync()).FinishedAt >= planned.CreatedAt.AddMinutes(30));
        Assert.NotEmpty(await _blog.ReadAsync(db => db.ThreadReaders.ToListAsync()));
    }

    [Fact]
    public async Task An_open_window_is_kept_alive_by_its_node_and_what_is_long_dead_is_swept_away()
    {
        var dead = new ThreadReader { PostId = _post.Id, RecipientKey = "guest:dead", WindowId = Guid.NewGuid(), Until = _clock.GetUtcNow().AddHours(-2) };
        await _blog.ChangeAsync(db => db.ThreadReaders.Add(dead));
        await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
        var until = await UntilAsync();

        _clock.Advance(TimeSpan.FromSeconds(20));

        await Eventually.WaitUntilAsync(async () => await UntilAsync() > until, "the sign of life was renewed");
        await Eventually.WaitUntilAsync(
            async () => await _blog.ReadAsync(db => db.ThreadReaders.CountAsync()) == 1, "the dead window was swept away");
    }

    private async ValueTask StartAsync(bool dispatches = true, string holdFor = "00:00:00")
    {
        _blog = await TestBlog.StartAsync(options =>
        {
            options.Time = _clock;
            options.Dispatches = dispatches;
            options.Settings["Notifications:HoldFor"] = holdFor;
        });
        _post = await _blog.AddPostAsync();
        _parent = CommentBuilder.Comment(_post, notifyReplies: true, guest: guest =>
        {
            guest.UseEmail("ines@example.com");
            guest.ConfirmEmail(_post.CreatedAt);
        });
        await _blog.ChangeAsync(db =>
        {
            db.IsImporting = true;
            db.Comments.Add(_parent);
        });
    }

    /// <summary>Time passes before an open window; its sign of life never ends.</summary>
    private async Task StayAsync(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += Step)
        {
            _clock.Advance(Step);
            await Presence.EnterAsync(_post.Id, Ines, _window, Cancel);
            await Eventually.WaitUntilAsync(
                async () => await ToInesAsync() is var delivery && (delivery.IsFinished || (delivery.LeaseOwner is null && delivery.DueAt > _clock.GetUtcNow())),
                "the dispatcher looked at the notice");
        }
    }

    private async Task<Guid> AnswerAsync()
    {
        using var mina = _blog.Visitor();
        return await mina.MustCommentAsync(_post.Slug, "An answer.", new() { ["ParentId"] = _parent.Id.ToString() });
    }

    private Task<DateTimeOffset> UntilAsync() => _blog.ReadAsync(db => db.ThreadReaders.Where(reader => reader.WindowId == _window).Select(reader => reader.Until).SingleAsync());

    private async Task<Delivery> PlannedAsync()
    {
        await Eventually.WaitUntilAsync(async () => (await _blog.DeliveriesAsync()).Exists(delivery => delivery.RecipientKey == Ines), "the notice was planned");
        return await ToInesAsync();
    }

    private async Task<Delivery> ToInesAsync() => Assert.Single(await _blog.DeliveriesAsync(), delivery => delivery.RecipientKey == Ines);
}
