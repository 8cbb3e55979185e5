using System.Net;
using System.Net.Sockets;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Sms.Twilio;

public sealed class TwilioSmsTransportTests : IAsyncLifetime
{
    private const string To = "+821012345678";

    private FakeTwilioServer _twilio = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _twilio = await FakeTwilioServer.StartAsync();

    public ValueTask DisposeAsync() => _twilio.DisposeAsync();

    [Fact]
    public async Task A_message_is_created_and_its_sid_kept()
    {
        using var transport = Transport();
        var batch = await transport.SendAsync([Sms("새 댓글: https://b.kr/1 & more + 100%")], Cancellation);

        var taken = Assert.Single(_twilio.Messages.Items);
        Assert.Equal((1, 0), (batch.SuccessCount, batch.ErrorCount));
        Assert.Equal((SendOutcome.Accepted, taken.Sid), (batch.Results[0].Outcome, batch.Results[0].ProviderId));
        Assert.Equal((To, FakeTwilioServer.From, "새 댓글: https://b.kr/1 & more + 100%"), (taken.To, taken.From, taken.Body));
        Assert.Null(taken.StatusCallback);
        Assert.Empty(_twilio.Complaints.Items);
    }

    [Fact]
    public async Task A_public_https_blog_asks_for_status_callbacks_with_the_delivery_id()
    {
        using var transport = Transport(site: new SiteSettings { BaseUrl = new Uri("https://blog.example.com/") });
        var sms = Sms();
        await transport.SendAsync([sms], Cancellation);

        Assert.Equal($"https://blog.example.com/webhooks/twilio/status?delivery={sms.Id}", _twilio.Messages.Items[0].StatusCallback);
    }

    [Fact]
    public async Task A_blog_with_an_international_name_is_called_by_its_ascii_form()
    {
        using var transport = Transport(site: new SiteSettings { BaseUrl = new Uri("https://블로그.example") });
        await transport.SendAsync([Sms()], Cancellation);

        Assert.StartsWith("https://xn--2i0b10rqve.example/webhooks/", _twilio.Messages.Items[0].StatusCallback, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://blog.example.com")]
    [InlineData("https://localhost:5081")]
    public async Task A_blog_that_twilio_cannot_call_does_not(string baseUrl)
    {
        using var transport = Transport(site: new SiteSettings { BaseUrl = new Uri(baseUrl) });
        await transport.SendAsync([Sms()], Cancellation);

        Assert.Null(_twilio.Messages.Items[0].StatusCallback);
    }

    [Fact]
    public async Task A_messaging_service_takes_the_place_of_the_sender()
    {
        using var transport = Transport(settings => settings.Twilio.MessagingServiceSid = "MG00000000000000000000000000000001");
        await transport.SendAsync([Sms()], Cancellation);

        Assert.Equal((null, "MG00000000000000000000000000000001"), (_twilio.Messages.Items[0].From, _twilio.Messages.Items[0].MessagingServiceSid));
    }

    [Fact]
    public async Task A_national_sender_number_travels_in_e164()
    {
        using var transport = Transport(settings => settings.From = "010-9999-8888");
        await transport.SendAsync([Sms()], Cancellation);

        Assert.Equal("+821099998888", _twilio.Messages.Items[0].From);
    }

    [Theory]
    [InlineData("+15005550001", "21211", SuppressionReason.Undeliverable)]
    [InlineData("+15005550004", "21610", SuppressionReason.OptedOut)]
    [InlineData("+15005550009", "21614", SuppressionReason.Undeliverable)]
    [InlineData("+15005550002", "21612", null)]
    [InlineData("+15005550003", "21408", null)]
    public async Task A_refused_number_is_permanent(string to, string code, SuppressionReason? suppress)
    {
        var result = await SendAsync(to: to);
        Assert.Equal((SendOutcome.Permanent, code, suppress), (result.Outcome, result.Code, result.Suppress));
    }

    [Fact]
    public async Task A_wrong_token_takes_the_channel_down()
    {
        var result = await SendAsync(settings => settings.Twilio.AuthToken = "wrong");
        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Authentication, "20003"), (result.Outcome, result.Fault, result.Code));
    }

    [Fact]
    public async Task Too_many_requests_are_transient_with_the_providers_wait()
    {
        _twilio.AnswerNext(FakeAnswer.Refuse(429, "20429", retryAfter: "7"));
        var result = await SendAsync();
        Assert.Equal((SendOutcome.Transient, "20429", TimeSpan.FromSeconds(7)), (result.Outcome, result.Code, result.RetryAfter));
    }

    [Fact]
    public async Task A_wait_given_as_a_date_is_honoured()
    {
        _twilio.AnswerNext(FakeAnswer.Refuse(503, retryAfter: TimeProvider.System.GetUtcNow().AddHours(1).ToString("R")));
        var result = await SendAsync();
        Assert.Equal(SendOutcome.Transient, result.Outcome);
        Assert.InRange(result.RetryAfter!.Value, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(60));
    }

    [Theory]
    [InlineData(500, null, SendOutcome.Unknown, "HTTP 500")]
    [InlineData(502, null, SendOutcome.Unknown, "HTTP 502")]
    [InlineData(504, null, SendOutcome.Unknown, "HTTP 504")]
    [InlineData(500, "20500", SendOutcome.Unknown, "20500")]
    [InlineData(503, null, SendOutcome.Transient, "HTTP 503")]
    [InlineData(503, "21730", SendOutcome.Transient, "21730")]
    [InlineData(400, "99999", SendOutcome.Permanent, "99999")]
    [InlineData(400, null, SendOutcome.Permanent, "HTTP 400")]
    [InlineData(404, null, SendOutcome.ChannelDown, "HTTP 404")]
    [InlineData(301, null, SendOutcome.ChannelDown, "HTTP 301")]
    public async Task Other_answers_have_their_class_by_status(int status, string? code, SendOutcome outcome, string expected)
    {
        _twilio.AnswerNext(FakeAnswer.Refuse(status, code));
        var result = await SendAsync();
        Assert.Equal((outcome, expected), (result.Outcome, result.Code));
        Assert.DoesNotContain("html", result.Text ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(201, "{}", SendOutcome.Unknown, "HTTP 201")]
    [InlineData(201, "", SendOutcome.Unknown, "HTTP 201")]
    [InlineData(201, "null", SendOutcome.Unknown, "HTTP 201")]
    [InlineData(201, """{"sid":"SM1","date_created":"yesterday"}""", SendOutcome.Unknown, "HTTP 201")]
    [InlineData(301, "", SendOutcome.ChannelDown, "HTTP 301")]
    [InlineData(302, """{"sid":"SM1"}""", SendOutcome.ChannelDown, "HTTP 302")]
    [InlineData(500, "", SendOutcome.Unknown, "HTTP 500")]
    [InlineData(500, "{}", SendOutcome.Unknown, "HTTP 500")]
    [InlineData(500, """{"code":"many"}""", SendOutcome.Unknown, "HTTP 500")]
    [InlineData(400, """{"code":21610,"message":"opted out","details":[1]}""", SendOutcome.Permanent, "21610")]
    [InlineData(400, """{"type":"https://t.co","title":"opted out","code":21610,"status":400}""", SendOutcome.Permanent, "21610")]
    public async Task What_the_sdk_mistakes_for_success_or_cannot_read_has_its_class_all_the_same(int status, string body, SendOutcome outcome, string code)
    {
        _twilio.AnswerNext(FakeAnswer.AcceptThenSay(status, body));
        var result = await SendAsync();
        Assert.Equal((outcome, code), (result.Outcome, result.Code));
    }

    [Fact]
    public async Task A_refused_connection_takes_the_channel_down()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        var result = await SendAsync(settings => settings.Twilio.BaseUrl = new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Connection), (result.Outcome, result.Fault));
    }

    [Fact]
    public async Task A_server_that_never_finishes_its_handshake_was_handed_nothing()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var transport = Transport(
            settings => settings.Twilio.BaseUrl = new Uri($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"), timeout: TimeSpan.FromSeconds(1));

        var result = (await transport.SendAsync([Sms()], Cancellation)).Results[0];
        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Connection), (result.Outcome, result.Fault));
    }

    [Fact]
    public async Task An_answer_that_is_not_twilios_is_unknown()
    {
        _twilio.AnswerNext(FakeAnswer.Refuse(200));
        Assert.Equal(SendOutcome.Unknown, (await SendAsync()).Outcome);
    }

    [Fact]
    public async Task A_connection_lost_after_the_request_or_in_the_answer_is_unknown()
    {
        _twilio.AnswerNext(FakeAnswer.AcceptThenDrop, FakeAnswer.AcceptThenBreakOff);
        Assert.Equal(SendOutcome.Unknown, (await SendAsync()).Outcome);
        Assert.Equal((SendOutcome.Unknown, "no answer"), await SendAsync() is var result ? (result.Outcome, result.Code) : default);
        Assert.Equal(2, _twilio.Messages.Items.Count);
    }

    [Fact]
    public async Task Silence_after_the_request_is_unknown()
    {
        _twilio.AnswerNext(FakeAnswer.AcceptThenHang);
        using var transport = Transport(timeout: TimeSpan.FromSeconds(1));
        Assert.Equal(SendOutcome.Unknown, (await transport.SendAsync([Sms()], Cancellation)).Results[0].Outcome);
    }

    [Fact]
    public async Task Cancelled_after_the_request_it_is_unknown()
    {
        _twilio.AnswerNext(FakeAnswer.AcceptThenHang);
        using var transport = Transport();
        using var cancellation = new CancellationTokenSource();
        var sending = transport.SendAsync([Sms()], cancellation.Token);
        await _twilio.Messages.WaitForAsync(1, Cancellation);
        await cancellation.CancelAsync();

        Assert.Equal(SendOutcome.Unknown, (await sending).Results[0].Outcome);
    }

    [Fact]
    public async Task Cancelled_before_the_request_it_throws()
    {
        using var transport = Transport();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.SendAsync([Sms()], new CancellationToken(canceled: true)));
        Assert.Empty(_twilio.Requests.Items);
    }

    [Fact]
    public async Task A_lost_message_is_found()
    {
        _twilio.AnswerNext(FakeAnswer.AcceptThenDrop);
        using var transport = Transport();
        var (sms, sentAt) = (Sms(), TimeProvider.System.GetUtcNow());
        await transport.SendAsync([sms], Cancellation);

        var found = await transport.FindAsync(sms, sentAt, Cancellation);
        Assert.Equal((SendOutcome.Accepted, _twilio.Messages.Items[0].Sid), (found?.Outcome, found?.ProviderId));
    }

    [Fact]
    public async Task It_is_found_behind_others_and_behind_the_line_of_a_trial_account()
    {
        using var transport = Transport();
        var (sms, sentAt) = (Sms("the lost one"), TimeProvider.System.GetUtcNow());
        await transport.SendAsync([sms], Cancellation);
        _twilio.Messages.Items[0].Body = "Sent from your Twilio trial account - the lost one";
        AddOthers(TwilioSmsTransport.PageSize - 1, sentAt);

        Assert.Equal(_twilio.Messages.Items[0].Sid, (await transport.FindAsync(sms, sentAt, Cancellation))?.ProviderId);
    }

    [Fact]
    public async Task It_is_found_by_its_link_when_the_comment_s_author_has_another_name_by_now()
    {
        const string link = "https://blog.example/c/0190";
        using var transport = Transport();
        var sentAt = TimeProvider.System.GetUtcNow();
        await transport.SendAsync([Sms($"Mina commented: {link}")], Cancellation);

        Assert.Equal(_twilio.Messages.Items[0].Sid, (await transport.FindAsync(Sms($"Mina Kim commented: {link}") with { Link = link }, sentAt, Cancellation))?.ProviderId);
        Assert.NotEqual(SendOutcome.Accepted, (await transport.FindAsync(Sms($"Mina commented: {link}1") with { Link = $"{link}1" }, sentAt, Cancellation))?.Outcome);
    }

    [Fact]
    public async Task A_list_that_does_not_reach_back_to_the_attempt_leaves_the_question_open()
    {
        using var transport = Transport();
        var sentAt = TimeProvider.System.GetUtcNow().AddHours(-1);
        AddOthers(TwilioSmsTransport.PageSize, sentAt.AddMinutes(30));
        Assert.Equal(SendOutcome.Transient, (await transport.FindAsync(Sms(), sentAt, Cancellation))?.Outcome);

        _twilio.Messages.Items[0].DateCreated = sentAt.AddMinutes(-30);
        Assert.Null(await transport.FindAsync(Sms(), sentAt, Cancellation));
    }

    [Fact]
    public async Task A_message_never_seen_is_so_only_after_the_list_has_settled()
    {
        using var transport = Transport();
        var now = TimeProvider.System.GetUtcNow();

        var early = await transport.FindAsync(Sms(), now, Cancellation);
        Assert.Equal(SendOutcome.Transient, early?.Outcome);
        Assert.InRange(early!.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Null(await transport.FindAsync(Sms(), now.AddMinutes(-10), Cancellation));
    }

    [Fact]
    public async Task A_message_lost_on_the_way_there_may_be_sent_again()
    {
        _twilio.AnswerNext(FakeAnswer.Drop);
        using var transport = Transport();
        var sms = Sms();
        Assert.Equal(SendOutcome.Unknown, (await transport.SendAsync([sms], Cancellation)).Results[0].Outcome);
        Assert.Null(await transport.FindAsync(sms, TimeProvider.System.GetUtcNow().AddMinutes(-10), Cancellation));
    }

    [Fact]
    public async Task The_same_text_of_an_earlier_day_or_another_number_is_not_it()
    {
        using var transport = Transport();
        await transport.SendAsync([Sms("same")], Cancellation);
        await transport.SendAsync([Sms("same", "+14155552671")], Cancellation);
        _twilio.Messages.Items[0].DateCreated -= TimeSpan.FromDays(1);

        Assert.Null(await transport.FindAsync(Sms("same"), TimeProvider.System.GetUtcNow().AddMinutes(-10), Cancellation));
    }

    [Theory]
    [InlineData(30005, SendOutcome.Permanent)]
    [InlineData(30001, null)]
    public async Task One_that_failed_there_is_final_or_may_be_sent_again(int error, SendOutcome? outcome)
    {
        using var transport = Transport();
        var sms = Sms();
        await transport.SendAsync([sms], Cancellation);
        (_twilio.Messages.Items[0].Status, _twilio.Messages.Items[0].ErrorCode) = ("failed", error);

        Assert.Equal(outcome, (await transport.FindAsync(sms, TimeProvider.System.GetUtcNow().AddMinutes(-10), Cancellation))?.Outcome);
    }

    [Fact]
    public async Task When_it_cannot_be_asked_the_question_stays_open()
    {
        _twilio.FailQuestions = 500;
        using var transport = Transport();
        var found = await transport.FindAsync(Sms(), TimeProvider.System.GetUtcNow().AddHours(-1), Cancellation);
        Assert.Equal(SendOutcome.Transient, found?.Outcome);
    }

    [Fact]
    public async Task A_question_that_is_cancelled_has_no_answer()
    {
        using var transport = Transport();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => transport.FindAsync(Sms(), TimeProvider.System.GetUtcNow(), new CancellationToken(canceled: true)));
    }

    private async Task<SendResult> SendAsync(Action<SmsSettings>? change = null, string to = To)
    {
        using var transport = Transport(change);
        return Assert.Single((await transport.SendAsync([Sms(to: to)], Cancellation)).Results);
    }

    private void AddOthers(int count, DateTimeOffset at)
    {
        for (var i = 0; i < count; i++)
        {
            _twilio.Messages.Add(new FakeTwilioMessage { Sid = $"SM{i:D32}", To = To, Body = $"other {i}", DateCreated = at, Status = "queued" });
        }
    }

    private TwilioSmsTransport Transport(Action<SmsSettings>? change = null, SiteSettings? site = null, TimeSpan? timeout = null)
    {
        var settings = new SmsSettings
        {
            Transport = SmsTransportKind.Twilio,
            From = FakeTwilioServer.From,
            Twilio = new TwilioSettings { AccountSid = FakeTwilioServer.AccountSid, AuthToken = FakeTwilioServer.AuthToken, BaseUrl = _twilio.BaseUrl },
        };
        change?.Invoke(settings);
        return new TwilioSmsTransport(settings, site ?? new SiteSettings(), TimeProvider.System) { Timeout = timeout ?? ProviderClient.DefaultTimeout };
    }

    private static SmsMessage Sms(string text = "New comment: https://b.kr/1", string to = To) => new(Guid.CreateVersion7(), to, text);
}
