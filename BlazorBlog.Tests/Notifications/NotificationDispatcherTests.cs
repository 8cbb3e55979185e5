using System.Diagnostics;
using System.Net;
using BlazorBlog.Comments;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Notifications.Sms;
using BlazorBlog.Notifications.Sms.Text;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace BlazorBlog.Notifications;

/// <summary>From the commit to the hand-over, with everything that may happen to a notice in between.</summary>
public sealed class NotificationDispatcherTests : IDisposable
{
    private const string Desk = "email:desk@example.com";

    private readonly FakeClock _clock = FakeClock.Running();
    private readonly ScriptedEmailTransport _transport = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("blog-dispatcher-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_comment_removed_before_its_notices_go_out_withdraws_them()
    {
        await using var blog = await StartAsync(options => options.Settings["Notifications:HoldFor"] = "01:00:00");
        var post = await blog.AddPostAsync();
        var comment = CommentBuilder.Comment(post);
        await blog.ChangeAsync(db => db.Comments.Add(comment));
        await Eventually.WaitUntilAsync(async () => (await blog.DeliveriesAsync()).Count == 2, "the notices were planned");

        Assert.True(await blog.ModerateAsync(service => service.RemoveAsync(comment.Id, TestContext.Current.CancellationToken)));
        _clock.Advance(TimeSpan.FromHours(2));
        await blog.WaitUntilQuietAsync();

        Assert.All(await blog.DeliveriesAsync(), delivery => Assert.Equal((DeliveryState.NotSent, NotSentReason.Removed), (delivery.State, delivery.Reason!.Value)));
        Assert.Empty(_transport.Sent);
        Assert.Empty(blog.Texts);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Notices_that_fall_due_while_a_removal_may_be_taken_back_wait_for_it(bool restores, bool isPlannedMeanwhile)
    {
        await using var blog = await StartAsync(options => options.Settings["Notifications:HoldFor"] = "00:00:10");
        var post = await blog.AddPostAsync();
        var comment = CommentBuilder.Comment(post);
        var author = CommentAuthor.OfGuest(comment.GuestId);
        if (isPlannedMeanwhile)
        {
            comment.Remove(1, _clock.GetUtcNow());
            await blog.ChangeAsync(db => db.Comments.Add(comment));
            await blog.ChangeAsync(db => db.OutboxMessages.Add(new OutboxMessage { Kind = OutboxKind.CommentPublished, CommentId = comment.Id, CreatedAt = _clock.GetUtcNow() }));
            await Eventually.WaitUntilAsync(async () => (await blog.DeliveriesAsync()).Count == 2, "the notices were planned");
        }
        else
        {
            await blog.ChangeAsync(db => db.Comments.Add(comment));
            await Eventually.WaitUntilAsync(async () => (await blog.DeliveriesAsync()).Count == 2, "the notices were planned");
            await blog.UseAsync(service => service.RemoveOwnCommentAsync(post.Slug, comment.Id, author, TestContext.Current.CancellationToken));
        }

        _clock.Advance(TimeSpan.FromSeconds(11));
        await Eventually.WaitUntilAsync(
            async () => (await blog.DeliveriesAsync()).TrueForAll(delivery => delivery.State == DeliveryState.Pending && delivery.DueAt > _clock.GetUtcNow()),
            "the notices were put off");
        if (restores)
        {
            await blog.UseAsync(service => service.RestoreOwnCommentAsync(post.Slug, comment.Id, author, TestContext.Current.CancellationToken));
        }

        _clock.Advance(TimeSpan.FromSeconds(11));
        await blog.WaitUntilQuietAsync();
        var expected = restores ? DeliveryState.Accepted : DeliveryState.NotSent;
        Assert.All(await blog.DeliveriesAsync(), delivery => Assert.Equal(expected, delivery.State));
    }

    [Fact]
    public async Task A_comment_edited_before_its_notices_go_out_is_told_as_it_is_then()
    {
        await using var blog = await StartAsync(options => options.Settings["Notifications:HoldFor"] = "01:00:00");
        var post = await blog.AddPostAsync();
        await blog.ChangeAsync(db => db.Comments.Add(CommentBuilder.Comment(post, "Frist!")));
        await Eventually.WaitUntilAsync(async () => (await blog.DeliveriesAsync()).Count == 2, "the notices were planned");

        await blog.ChangeAsync(async db => (await db.Comments.SingleAsync()).Body = "First!");
        _clock.Advance(TimeSpan.FromHours(2));
        await blog.WaitUntilQuietAsync();

        Assert.Contains("First!", Assert.Single(_transport.Sent).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_was_put_off_goes_again_later_as_the_same_mail()
    {
        await using var blog = await StartAsync();
        _transport.Answer = (_, _) => Task.FromResult<SendResult?>(_transport.Sent.Count < 3 ? SendResult.Transient("451 4.3.0", "Busy.") : null);
        await CommentAsync(blog);
        var waiting = await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.Attempts == 1, "the first attempt was written down");
        Assert.Equal((DeliveryState.Pending, "451 4.3.0"), (waiting.State, waiting.LastCode));
        Assert.InRange(waiting.DueAt - _clock.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromSeconds(36));

        _clock.Advance(TimeSpan.FromMinutes(1));
        await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.Attempts == 2, "the second attempt was written down");
        _clock.Advance(TimeSpan.FromMinutes(2));
        var sent = await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.State == DeliveryState.Accepted, "the third attempt got through");

        Assert.Equal([SendOutcome.Transient, SendOutcome.Transient, SendOutcome.Accepted], sent.History.Select(attempt => attempt.Outcome));
        Assert.Single(_transport.Sent.Select(mail => mail.MessageId).Distinct());
    }

    [Fact]
    public async Task A_mail_that_is_put_off_for_too_long_is_given_up()
    {
        await using var blog = await StartAsync(options => options.Settings["Notifications:EmailHorizon"] = "01:00:00");
        _transport.Answer = (_, _) => Task.FromResult<SendResult?>(SendResult.Transient("451", retryAfter: TimeSpan.FromMinutes(40)));
        await CommentAsync(blog);
        await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.Attempts == 1, "the first attempt was written down");

        _clock.Advance(TimeSpan.FromMinutes(41));

        var expired = await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.IsFinished, "the mail was given up");
        Assert.Equal((DeliveryState.Expired, "451"), (expired.State, expired.LastCode));
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_not_tried_again_by_any_notice()
    {
        await using var blog = await StartAsync();
        _transport.Answer = (_, _) => Task.FromResult<SendResult?>(SendResult.Permanent("550 5.1.1", "No such user.", SuppressionReason.Undeliverable));

        await CommentAsync(blog);
        await blog.WaitUntilQuietAsync();
        await CommentAsync(blog);
        await blog.WaitUntilQuietAsync();

        var mails = (await blog.DeliveriesAsync()).Where(delivery => delivery.Channel == NotificationChannel.Email).ToList();
        Assert.Equal([DeliveryState.Failed, DeliveryState.NotSent], mails.Select(delivery => delivery.State));
        Assert.Equal(NotSentReason.Undeliverable, mails[1].Reason);
        Assert.Equal("550 5.1.1", mails[0].LastCode);
        Assert.Single(_transport.Sent);
    }

    [Theory]
    [InlineData(ChannelFault.Authentication)]
    [InlineData(ChannelFault.Quota)]
    [InlineData(ChannelFault.Configuration)]
    public async Task A_channel_that_is_down_rests_and_costs_no_notice_an_attempt(ChannelFault fault)
    {
        await using var blog = await StartAsync();
        _transport.Answer = (_, _) => Task.FromResult<SendResult?>(SendResult.ChannelDown(fault, "535 5.7.8"));
        await CommentAsync(blog);
        await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.History.Count == 1, "the failure stands in the ledger");
        await CommentAsync(blog);
        await Eventually.WaitUntilAsync(() => blog.Texts.Count == 2, "the other channel went on");

        var tried = _transport.Sent.Count;
        _transport.Answer = (_, _) => Task.FromResult<SendResult?>(null);
        _clock.Advance(TimeSpan.FromMinutes(30));
        await blog.WaitUntilQuietAsync();

        Assert.Equal(1, tried);
        var mails = (await blog.DeliveriesAsync()).Where(delivery => delivery.Channel == NotificationChannel.Email).ToList();
        Assert.Equal(2, mails.Count);
        Assert.All(mails, delivery => Assert.Equal((DeliveryState.Accepted, 0, 0), (delivery.State, delivery.Attempts, delivery.AbandonedLeases)));
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task A_transport_that_throws_fills_the_ledger_and_holds_up_nobody(Type exception)
    {
        await using var blog = await StartAsync(options => options.Settings["Email:DefaultRecipients"] = "desk@example.com");
        _transport.Answer = (mail, _) => mail.To.Address == "jin@example.com" ? throw (Exception)Activator.CreateInstance(exception, "Boom \U0001F4A5.")! : Task.FromResult<SendResult?>(null);

        await CommentAsync(blog);

        await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.State == DeliveryState.Accepted, "the other recipient got the mail", Desk);
        var poison = await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.Attempts == 1, "the failure stands in the ledger");
        Assert.Contains("Boom", poison.LastText, StringComparison.Ordinal);
        Assert.Contains(exception.Name, Assert.Single(poison.History).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_SMS_whose_hand_over_throws_is_asked_after_and_never_sent_again_with_its_batch()
    {
        var sms = new ThrowingSmsTransport();
        await using var blog = await StartAsync(options => options.Services += services => services.Replace(ServiceDescriptor.Singleton<ISmsTransport>(sms)));

        await CommentAsync(blog);
        await CommentAsync(blog);
        await Eventually.WaitUntilAsync(
            async () => (await blog.DeliveriesAsync()).Count(delivery => delivery is { Channel: NotificationChannel.Sms, Attempts: 1 }) == 2, "both failures stand in the ledger");
        _clock.Advance(TimeSpan.FromMinutes(2));
        await blog.WaitUntilQuietAsync();

        var messages = (await blog.DeliveriesAsync()).Where(delivery => delivery.Channel == NotificationChannel.Sms).ToList();
        Assert.All(messages, delivery =>
        {
            Assert.Equal((DeliveryState.Accepted, "SM1"), (delivery.State, delivery.ProviderId));
            Assert.Equal([SendOutcome.Unknown, SendOutcome.Accepted], delivery.History.Select(attempt => attempt.Outcome));
        });
        Assert.Equal(messages.Select(delivery => delivery.Id).Order(), sms.Sent.Order());
    }

    [Fact]
    public async Task A_notice_that_cannot_be_read_holds_up_nobody()
    {
        await using var blog = await StartAsync(options => options.Settings["Email:DefaultRecipients"] = "desk@example.com");
        await blog.ChangeAsync(async db => (await db.Users.SingleAsync()).TimeZone = "Atlantis/Downtown");

        await CommentAsync(blog);

        var other = await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.IsFinished, "the other recipient got the mail", Desk);
        var poison = await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.Attempts == 1, "the failure stands in the ledger");
        Assert.Equal((DeliveryState.Accepted, 0), (other.State, other.Attempts));
        Assert.Contains("Atlantis", poison.LastText, StringComparison.Ordinal);
        Assert.Single(_transport.Sent);
    }

    [Fact]
    public async Task Commenting_does_not_wait_for_a_provider_that_hangs()
    {
        await using var blog = await StartAsync();
        var hanging = new TaskCompletionSource<SendResult?>();
        _transport.Answer = (_, _) => hanging.Task;
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        await mina.MustCommentAsync(post.Slug, "One.");
        await Eventually.WaitUntilAsync(() => _transport.Sent.Count == 1, "the provider was called");

        var started = Stopwatch.GetTimestamp();
        await mina.MustCommentAsync(post.Slug, "Two.");
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "The comment waited for the provider.");

        hanging.SetResult(null);
        await blog.WaitUntilQuietAsync();
    }

    [Fact]
    public async Task A_node_that_lives_keeps_what_it_holds_however_long_its_provider_takes()
    {
        var hanging = new TaskCompletionSource<SendResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _transport.Answer = (_, _) => hanging.Task;
        await using var blog = await StartAsync(options =>
        {
            options.Settings["Email:Connections"] = "1";
            options.Settings["Email:Timeout"] = "00:30:00";
            options.Settings["Email:DefaultRecipients"] = "a@example.com,b@example.com,c@example.com";
        });
        await CommentAsync(blog);
        await Eventually.WaitUntilAsync(() => _transport.Sent.Count == 1, "the provider was called");

        for (var i = 0; i < 6; i++)
        {
            // As much as two leases in all, in steps that a renewal can follow.
            _clock.Advance(TimeSpan.FromSeconds(41));
            await Eventually.WaitUntilAsync(
                async () => (await PendingMailsAsync(blog)).All(delivery => delivery.LeaseUntil > _clock.GetUtcNow() + TimeSpan.FromMinutes(1)), "the leases were renewed");
        }

        await using (var other = await StartAsync(options => options.Dispatches = false))
        {
            Assert.Empty(await other.Services.GetRequiredService<DeliveryStore>()
                .ClaimAsync(NotificationChannel.Email, DeliveryPriority.Normal, 10, TestContext.Current.CancellationToken));
        }

        hanging.SetResult(null);
        await blog.WaitUntilQuietAsync();

        var mails = (await blog.DeliveriesAsync()).Where(delivery => delivery.Channel == NotificationChannel.Email).ToList();
        Assert.Equal(4, mails.Count);
        Assert.All(mails, delivery => Assert.Equal((DeliveryState.Accepted, 0, 0, 1), (delivery.State, delivery.Attempts, delivery.AbandonedLeases, delivery.LeaseVersion)));
        Assert.Equal(4, _transport.Sent.Count);
    }

    [Fact]
    public async Task A_notice_that_a_dead_node_held_is_taken_over_when_its_lease_has_run_out()
    {
        var delivery = await LeaveLeasedAsync(crashes: 0);

        await using var blog = await StartAsync();
        var now = _clock.GetUtcNow();
        Assert.Empty(_transport.Sent);
        _clock.Advance(TimeSpan.FromMinutes(3));

        var sent = await blog.WaitForDeliveryAsync(NotificationChannel.Email, row => row.IsFinished, "the notice was taken over");
        Assert.Equal((delivery, DeliveryState.Accepted, 1, 0), (sent.Id, sent.State, sent.AbandonedLeases, sent.Attempts));
        Assert.True(sent.FinishedAt > now + TimeSpan.FromMinutes(1));
        Assert.Single(_transport.Sent);
    }

    [Fact]
    public async Task A_notice_on_which_the_process_keeps_dying_is_given_up()
    {
        await LeaveLeasedAsync(crashes: 2);

        await using var blog = await StartAsync(options => options.Settings["Notifications:MaxCrashes"] = "3");
        _clock.Advance(TimeSpan.FromMinutes(3));

        var given = await blog.WaitForDeliveryAsync(NotificationChannel.Email, row => row.IsFinished, "the notice was given up");
        // Each of them may have sent it.
        Assert.Equal((DeliveryState.OutcomeUnknown, 3, "crashed"), (given.State, given.AbandonedLeases, given.LastCode));
        Assert.Empty(_transport.Sent);
    }

    [Fact]
    public async Task A_clean_shutdown_finishes_what_it_began_and_gives_the_rest_back()
    {
        var answer = new TaskCompletionSource<SendResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _transport.Answer = (_, _) => answer.Task;
        await using (var blog = await StartAsync(options =>
        {
            options.Settings["Email:Connections"] = "1";
            options.Settings["Email:DefaultRecipients"] = "a@example.com,b@example.com,c@example.com,d@example.com";
        }))
        {
            await CommentAsync(blog);
            await Eventually.WaitUntilAsync(() => _transport.Sent.Count == 1, "the first mail is being sent");

            var stopping = blog.Services.GetServices<IHostedService>().OfType<NotificationDispatcher>().Single().StopAsync(TestContext.Current.CancellationToken);
            answer.SetResult(null);
            await stopping;
        }

        await using var after = await StartAsync(options => options.Dispatches = false);
        var mails = (await after.DeliveriesAsync()).Where(delivery => delivery.Channel == NotificationChannel.Email).ToList();
        Assert.Single(_transport.Sent);
        Assert.Equal(1, mails.Count(delivery => delivery.State == DeliveryState.Accepted));
        Assert.All(mails.Where(delivery => !delivery.IsFinished), delivery => Assert.Equal((null, 0, 0), (delivery.LeaseOwner, delivery.Attempts, delivery.AbandonedLeases)));
        Assert.Equal(5, mails.Count);
    }

    [Fact]
    public async Task The_dispatcher_outlives_a_database_that_is_away_and_forgets_no_result()
    {
        await using var blog = await StartAsync(options => options.Time = null);
        var answer = new TaskCompletionSource<SendResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _transport.Answer = (_, _) => answer.Task;
        await blog.AddPostAsync();
        await CommentAsync(blog, "slow-coffee");
        await Eventually.WaitUntilAsync(() => _transport.Sent.Count == 1 && blog.Texts.Count == 1, "the mail is being sent");
        await blog.WaitForDeliveryAsync(NotificationChannel.Sms, delivery => delivery.IsFinished, "the SMS is written down");

        await using (await DatabaseAway.TakeAsync(blog))
        {
            answer.SetResult(null);
            using var mina = blog.Visitor();
            using var failed = await mina.GetAsync("/posts/slow-coffee?reply=x");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        }

        await blog.WaitUntilQuietAsync();
        Assert.Single(_transport.Sent);
        await CommentAsync(blog, "slow-coffee");
        await blog.WaitUntilQuietAsync();
        Assert.Equal(2, _transport.Sent.Count);
        Assert.All(await blog.DeliveriesAsync(), delivery => Assert.Equal(DeliveryState.Accepted, delivery.State));
    }

    /// <summary>On a folder of the test's own, so that a second blog can go on where the first one ended.</summary>
    private Task<TestBlog> StartAsync(Action<TestBlogOptions>? configure = null) => TestBlog.StartAsync(options =>
    {
        options.Folder = _folder;
        options.Time = _clock;
        options.Services = services => services.Replace(ServiceDescriptor.Singleton<IEmailTransport>(_transport));
        configure?.Invoke(options);
    });

    private static async Task<List<Delivery>> PendingMailsAsync(TestBlog blog) =>
        [.. (await blog.DeliveriesAsync()).Where(delivery => delivery is { Channel: NotificationChannel.Email, State: DeliveryState.Pending })];

    private static async Task CommentAsync(TestBlog blog, string? slug = null)
    {
        slug ??= (await blog.AddPostAsync($"Slow coffee {Guid.NewGuid():N}")).Slug;
        using var mina = blog.Visitor();
        await mina.MustCommentAsync(slug, $"Hello {Guid.NewGuid():N}.");
    }

    /// <summary>Hands everything over, and then throws what no transport should.</summary>
    private sealed class ThrowingSmsTransport : ISmsTransport
    {
        private readonly Recorded<Guid> _sent = new();

        public IReadOnlyList<Guid> Sent => _sent.Items;

        public int MessagesPerCall => 100;

        public Task<SmsBatchResult> SendAsync(IReadOnlyList<SmsMessage> messages, CancellationToken cancellationToken)
        {
            foreach (var message in messages)
            {
                _sent.Add(message.Id);
            }

            throw new InvalidOperationException("Boom.");
        }

        public Task<SendResult?> FindAsync(SmsMessage message, DateTimeOffset sentAt, CancellationToken cancellationToken) => Task.FromResult<SendResult?>(SendResult.Accepted("SM1"));

        public string Fit(SmsText text) => text.ToString();

        public SmsSize Measure(string text) => new("GSM-7", text.Length, 1);
    }

    /// <summary>A ledger as a process leaves it that dies with a mail in its hands.</summary>
    private async Task<Guid> LeaveLeasedAsync(int crashes)
    {
        await using var blog = await StartAsync(options => options.Dispatches = false);
        var post = await blog.AddPostAsync();
        var comment = CommentBuilder.Comment(post);
        var now = _clock.GetUtcNow();
        var delivery = new Delivery
        {
            CommentId = comment.Id,
            Event = NotificationEvent.CommentPublished,
            RecipientKey = $"user:{blog.Author.Id}",
            Channel = NotificationChannel.Email,
            CreatedAt = now,
            DueAt = now,
        };
        delivery.LeasedTo(Guid.NewGuid(), now + TimeSpan.FromMinutes(2));
        delivery.StartedSending(now);
        await blog.ChangeAsync(db =>
        {
            db.IsImporting = true;
            db.Comments.Add(comment);
            db.Deliveries.Add(delivery);
            db.Entry(delivery).Property(row => row.AbandonedLeases).CurrentValue = crashes;
        });
        return delivery.Id;
    }
}
