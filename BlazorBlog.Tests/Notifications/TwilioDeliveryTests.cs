using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications;

/// <summary>The whole way of a comment to a provider of SMS that has no memory of repeats: nobody gets one twice.</summary>
public sealed class TwilioDeliveryTests : IAsyncLifetime
{
    private readonly FakeClock _clock = FakeClock.Running();
    private FakeTwilioServer _twilio = null!;
    private TestBlog _blog = null!;

    public async ValueTask InitializeAsync()
    {
        _twilio = await FakeTwilioServer.StartAsync(_clock);
        _blog = await StartAsync();
        await _blog.AddPostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _blog.DisposeAsync();
        await _twilio.DisposeAsync();
    }

    [Fact]
    public async Task A_comment_reaches_the_author_by_SMS()
    {
        await CommentAsync();

        var sent = await SmsAsync(delivery => delivery.State == DeliveryState.Accepted, "the SMS was taken");

        var message = Assert.Single(_twilio.Messages.Items);
        Assert.Equal(("+821012345678", sent.ProviderId), (message.To, message.Sid));
        Assert.Contains($"delivery={sent.Id}", message.StatusCallback, StringComparison.Ordinal);
        Assert.Contains("https://blog.example/c/", message.Body, StringComparison.Ordinal);
        Assert.Empty(_twilio.Complaints.Items);
    }

    [Fact]
    public async Task An_SMS_whose_answer_was_lost_is_looked_up_and_not_sent_again()
    {
        _twilio.AnswerNext(FakeAnswer.AcceptThenDrop);
        await CommentAsync();
        var unknown = await SmsAsync(delivery => delivery.Attempts == 1, "the unknown outcome was written down");
        Assert.NotNull(unknown.SendStartedAt);

        _clock.Advance(TimeSpan.FromMinutes(1));

        var found = await SmsAsync(delivery => delivery.IsFinished, "the SMS was found");
        Assert.Equal((DeliveryState.Accepted, Assert.Single(_twilio.Messages.Items).Sid), (found.State, found.ProviderId));
    }

    [Fact]
    public async Task An_SMS_that_never_arrived_is_sent_after_that_is_certain()
    {
        _twilio.AnswerNext(FakeAnswer.Drop);
        await CommentAsync();
        await SmsAsync(delivery => delivery.Attempts == 1, "the unknown outcome was written down");

        for (var i = 2; i < 6 && _twilio.Messages.Items.Count == 0; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(10));
            var attempts = i;
            await Eventually.WaitUntilAsync(async () => (await _blog.DeliveriesAsync()).Exists(delivery =>
                delivery.Channel == NotificationChannel.Sms && (delivery.IsFinished || delivery.Attempts >= attempts)), "the provider was asked");
        }

        await SmsAsync(delivery => delivery.State == DeliveryState.Accepted, "the SMS was sent");
        Assert.Single(_twilio.Messages.Items);
    }

    [Fact]
    public async Task An_outcome_that_nobody_can_tell_stays_unknown_and_is_never_sent_again()
    {
        _twilio.FailQuestions = 500;
        _twilio.AnswerNext(FakeAnswer.AcceptThenDrop);
        await CommentAsync();
        await SmsAsync(delivery => delivery.Attempts == 1, "the unknown outcome was written down");
        _clock.Advance(TimeSpan.FromMinutes(1));
        await SmsAsync(delivery => delivery.Attempts == 2, "the question failed");

        _clock.Advance(TimeSpan.FromHours(12));

        await SmsAsync(delivery => delivery.State == DeliveryState.OutcomeUnknown, "the outcome was left unknown");
        _clock.Advance(TimeSpan.FromHours(24));
        Assert.Single(_twilio.Requests.Items);
    }

    [Fact]
    public async Task An_SMS_that_a_dead_process_may_have_sent_is_looked_up_before_it_is_sent()
    {
        var (folder, time) = (_blog.Folder, _clock.GetUtcNow());
        await _blog.StopAsync();
        await using (var before = await StartAsync(options =>
        {
            options.Folder = folder;
            options.Dispatches = false;
        }))
        {
            // What the process leaves that dies between the mark and the call.
            var comment = CommentBuilder.Comment(await before.AddPostAsync("Sudden death"));
            var delivery = new Delivery
            {
                CommentId = comment.Id,
                Event = NotificationEvent.CommentPublished,
                RecipientKey = $"user:{before.Author.Id}",
                Channel = NotificationChannel.Sms,
                CreatedAt = time,
                DueAt = time,
            };
            delivery.LeasedTo(Guid.NewGuid(), time + TimeSpan.FromMinutes(2));
            delivery.StartedSending(time);
            await before.ChangeAsync(db =>
            {
                db.IsImporting = true;
                db.Comments.Add(comment);
                db.Deliveries.Add(delivery);
            });
        }

        _twilio.FailQuestions = 500;
        await using var blog = await StartAsync(options => options.Folder = folder);
        _clock.Advance(TimeSpan.FromMinutes(10));
        await blog.WaitForDeliveryAsync(NotificationChannel.Sms, row => row.Attempts == 1, "the provider was asked in vain");
        Assert.Empty(_twilio.Requests.Items);

        _twilio.FailQuestions = null;
        _clock.Advance(TimeSpan.FromMinutes(1));
        var sent = await blog.WaitForDeliveryAsync(NotificationChannel.Sms, row => row.State == DeliveryState.Accepted, "the SMS was sent");
        Assert.Equal(1, sent.AbandonedLeases);
        Assert.Single(_twilio.Messages.Items);
    }

    private Task<TestBlog> StartAsync(Action<TestBlogOptions>? configure = null) => TestBlog.StartAsync(options =>
    {
        options.Time = _clock;
        options.Settings["Email:Transport"] = "None";
        options.Settings["Sms:Transport"] = "Twilio";
        options.Settings["Sms:From"] = FakeTwilioServer.From;
        options.Settings["Sms:Twilio:AccountSid"] = FakeTwilioServer.AccountSid;
        options.Settings["Sms:Twilio:AuthToken"] = FakeTwilioServer.AuthToken;
        options.Settings["Sms:Twilio:BaseUrl"] = _twilio.BaseUrl.AbsoluteUri;
        configure?.Invoke(options);
    });

    private async Task CommentAsync()
    {
        using var mina = _blog.Visitor();
        await mina.MustCommentAsync("slow-coffee", "Hello.");
    }

    private Task<Delivery> SmsAsync(Func<Delivery, bool> isAsWanted, string because) => _blog.WaitForDeliveryAsync(NotificationChannel.Sms, isAsWanted, because);
}
