using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Sms.CoolSms;

public sealed class CoolSmsTransportTests : IAsyncLifetime
{
    private FakeSolapiServer _solapi = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _solapi = await FakeSolapiServer.StartAsync();

    public ValueTask DisposeAsync() => _solapi.DisposeAsync();

    [Fact]
    public async Task Several_recipients_go_in_one_call_each_with_its_own_id()
    {
        using var transport = Transport();
        var messages = new[] { Sms("+821011111111"), Sms("+821022222222"), Sms("+14155552671"), Sms("+819012345678") };
        var batch = await transport.SendAsync(messages, Cancellation);

        var taken = _solapi.Messages.Items;
        Assert.Single(_solapi.Requests.Items);
        Assert.Equal((4, 0), (batch.SuccessCount, batch.ErrorCount));
        Assert.Equal(taken[0].GroupId, batch.GroupId);
        Assert.Equal(taken.Select(message => message.MessageId), batch.Results.Select(result => result.ProviderId));
        Assert.Equal(messages.Select(message => message.Id.ToString()), taken.Select(message => message.NotificationId));
        Assert.Equal([("01011111111", "82"), ("01022222222", "82"), ("4155552671", "1"), ("9012345678", "81")], taken.Select(message => (message.To, message.Country)));
        Assert.All(taken, message => Assert.Equal((FakeSolapiServer.From, "SMS", null), (message.From, message.Type, message.Subject)));
        Assert.Empty(_solapi.Complaints.Items);
    }

    [Fact]
    public async Task One_bad_recipient_does_not_spoil_the_others()
    {
        _solapi.StatusOfNumber["01022222222"] = "1061";
        using var transport = Transport();
        var batch = await transport.SendAsync([Sms("+821011111111"), Sms("+821022222222"), Sms("not a number"), Sms("+821033333333")], Cancellation);

        Assert.Equal(
            [(SendOutcome.Accepted, null), (SendOutcome.Permanent, SuppressionReason.OptedOut), (SendOutcome.Permanent, SuppressionReason.Undeliverable), (SendOutcome.Accepted, null)],
            batch.Results.Select(result => (result.Outcome, result.Suppress)));
        Assert.Equal((2, 2), (batch.SuccessCount, batch.ErrorCount));
        Assert.Equal([(1, "1061"), (2, "number")], batch.Errors.Select(error => (error.Index, error.Code)));
    }

    [Fact]
    public async Task A_refusal_that_names_only_the_number_finds_its_message()
    {
        _solapi.RefusesByName = false;
        _solapi.StatusOfNumber["01022222222"] = "1061";
        using var transport = Transport();
        var batch = await transport.SendAsync([Sms("+821011111111"), Sms("+821022222222")], Cancellation);
        Assert.Equal((1, (1, "1061")), (batch.SuccessCount, batch.Errors.Select(error => (error.Index, error.Code)).Single()));
    }

    [Fact]
    public async Task A_message_the_answer_does_not_speak_of_is_unknown()
    {
        _solapi.ShowsTaken = false;
        Assert.Equal(SendOutcome.Unknown, (await SendAsync()).Outcome);
    }

    [Fact]
    public async Task A_call_refused_for_one_message_is_halved_until_the_others_are_through()
    {
        _solapi.PoisonNumbers.Add("01000000005");
        using var transport = Transport();
        var batch = await transport.SendAsync([.. Enumerable.Range(0, 8).Select(i => Sms($"+82100000000{i}"))], Cancellation);

        Assert.Equal((7, "ValidationError"), (batch.SuccessCount, Assert.Single(batch.Errors).Code));
        Assert.Equal(5, batch.Errors[0].Index);
        Assert.Empty(_solapi.Complaints.Items);
    }

    [Fact]
    public async Task Two_texts_to_one_number_both_go()
    {
        using var transport = Transport();
        var batch = await transport.SendAsync([Sms("+821011111111", "one"), Sms("+821011111111", "two")], Cancellation);
        Assert.Equal((2, 0), (batch.SuccessCount, batch.ErrorCount));
    }

    [Fact]
    public async Task The_same_text_to_one_number_goes_once()
    {
        using var transport = Transport();
        var batch = await transport.SendAsync([Sms("+821011111111", "same"), Sms("+821011111111", "same")], Cancellation);
        Assert.Equal((1, "1026"), (batch.SuccessCount, Assert.Single(batch.Errors).Code));
    }

    [Fact]
    public async Task A_long_text_is_an_lms_with_a_subject_of_forty_bytes()
    {
        using var transport = Transport(title: string.Concat(Enumerable.Repeat("블로그", 10)));
        await transport.SendAsync([Sms("+821011111111", new string('가', 46))], Cancellation);

        var taken = Assert.Single(_solapi.Messages.Items);
        Assert.Equal(("LMS", 20), (taken.Type, taken.Subject?.Length));
    }

    [Fact]
    public async Task What_korean_telephones_cannot_show_is_written_plainly_before_it_is_sent()
    {
        using var transport = Transport();
        var batch = await transport.SendAsync([Sms("+821011111111", "café — 똠\u0007 😀 좋아")], Cancellation);

        Assert.Equal(1, batch.SuccessCount);
        Assert.Equal("cafe - ㄸㅗㅁ  좋아", Assert.Single(_solapi.Messages.Items).Text);
    }

    [Theory]
    [InlineData(402, "NotEnoughBalance", SendOutcome.ChannelDown, ChannelFault.Quota)]
    [InlineData(403, "InvalidAPIKey", SendOutcome.ChannelDown, ChannelFault.Authentication)]
    [InlineData(403, "SignatureDoesNotMatch", SendOutcome.ChannelDown, ChannelFault.Authentication)]
    [InlineData(403, "RequestTimeTooSkewed", SendOutcome.ChannelDown, ChannelFault.Configuration)]
    [InlineData(403, "DuplicatedSignature", SendOutcome.Unknown, null)]
    [InlineData(400, "ValidationError", SendOutcome.Permanent, null)]
    [InlineData(400, "MissingRequiredParameter", SendOutcome.Permanent, null)]
    [InlineData(413, "FileSizeTooBig", SendOutcome.Permanent, null)]
    [InlineData(500, "InternalError", SendOutcome.Unknown, null)]
    [InlineData(503, "ServiceUnavailable", SendOutcome.Transient, null)]
    [InlineData(429, "TooManyRequests", SendOutcome.Transient, null)]
    public async Task Error_bodies_have_their_class(int status, string code, SendOutcome outcome, ChannelFault? fault)
    {
        _solapi.AnswerNext(FakeAnswer.Refuse(status, code, retryAfter: "9"));
        var result = await SendAsync();
        Assert.Equal((outcome, fault, code), (result.Outcome, result.Fault, result.Code));
        Assert.True(outcome != SendOutcome.Transient || result.RetryAfter == TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_wrong_secret_takes_the_channel_down()
    {
        using var transport = Transport(settings => settings.CoolSms.ApiSecret = "wrong");
        var result = Assert.Single((await transport.SendAsync([Sms()], Cancellation)).Results);
        Assert.Equal((SendOutcome.ChannelDown, "SignatureDoesNotMatch"), (result.Outcome, result.Code));
    }

    [Fact]
    public async Task A_sender_that_is_not_registered_takes_the_channel_down()
    {
        using var transport = Transport(settings => settings.From = "1588-1234");
        var result = Assert.Single((await transport.SendAsync([Sms()], Cancellation)).Results);
        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Configuration, "1062"), (result.Outcome, result.Fault, result.Code));
    }

    [Fact]
    public async Task Lost_answers_make_every_message_of_the_call_unknown()
    {
        _solapi.AnswerNext(
            FakeAnswer.AcceptThenDrop, FakeAnswer.AcceptThenBreakOff, FakeAnswer.AcceptThenHang, FakeAnswer.AcceptThenFail(502), FakeAnswer.Refuse(200), FakeAnswer.Hang,
            FakeAnswer.AcceptThenSay(200, """{"groupInfo":{"groupId":"\ud800"},"messageList":[{"messageId":"\ud800","statusCode":"\ud800"}]}"""));
        using var transport = Transport(timeout: TimeSpan.FromSeconds(2));
        for (var i = 0; i < 7; i++)
        {
            var batch = await transport.SendAsync([Sms("+821011111111"), Sms("+821022222222")], Cancellation);
            Assert.Equal([SendOutcome.Unknown, SendOutcome.Unknown], batch.Results.Select(result => result.Outcome));
        }
    }

    [Fact]
    public async Task A_lost_message_is_found_by_our_id_on_a_later_page()
    {
        using var transport = Transport();
        var (lost, sentAt) = (Sms(), TimeProvider.System.GetUtcNow());
        await transport.SendAsync([lost], Cancellation);
        await transport.SendAsync([.. Enumerable.Range(0, 7).Select(i => Sms(text: $"other {i}"))], Cancellation);
        _solapi.PageSize = 3;

        var found = await transport.FindAsync(lost, sentAt, Cancellation);
        Assert.Equal((SendOutcome.Accepted, _solapi.Messages.Items[0].MessageId), (found?.Outcome, found?.ProviderId));
        Assert.Empty(_solapi.Complaints.Items);
    }

    [Theory]
    [InlineData("3000", SendOutcome.Accepted)]
    [InlineData("2061", SendOutcome.Permanent)]
    [InlineData("2024", null)]
    public async Task One_found_refused_is_final_or_may_be_sent_again(string status, SendOutcome? outcome)
    {
        using var transport = Transport();
        var sms = Sms();
        await transport.SendAsync([sms], Cancellation);
        _solapi.Messages.Items[0].StatusCode = status;

        Assert.Equal(outcome, (await transport.FindAsync(sms, TimeProvider.System.GetUtcNow(), Cancellation))?.Outcome);
    }

    [Fact]
    public async Task A_message_never_seen_is_so_only_after_the_list_has_settled_and_only_when_asked()
    {
        using var transport = Transport();
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(SendOutcome.Transient, (await transport.FindAsync(Sms(), now, Cancellation))?.Outcome);
        Assert.Null(await transport.FindAsync(Sms(), now.AddMinutes(-10), Cancellation));

        _solapi.FailQuestions = 500;
        Assert.Equal(SendOutcome.Transient, (await transport.FindAsync(Sms(), now.AddMinutes(-10), Cancellation))?.Outcome);
    }

    private async Task<SendResult> SendAsync()
    {
        using var transport = Transport();
        return Assert.Single((await transport.SendAsync([Sms()], Cancellation)).Results);
    }

    private CoolSmsTransport Transport(Action<SmsSettings>? change = null, string title = "블로그", TimeSpan? timeout = null)
    {
        var settings = new SmsSettings
        {
            Transport = SmsTransportKind.CoolSms,
            From = "02-1234-5678",
            CoolSms = new CoolSmsSettings { ApiKey = FakeSolapiServer.ApiKey, ApiSecret = FakeSolapiServer.ApiSecret, BaseUrl = _solapi.BaseUrl },
        };
        change?.Invoke(settings);
        return new CoolSmsTransport(settings, new SiteSettings { Title = title }, TimeProvider.System, timeout ?? ProviderClient.DefaultTimeout);
    }

    private static SmsMessage Sms(string to = "+821012345678", string text = "새 댓글 https://b.kr/1") => new(Guid.CreateVersion7(), to, text);
}
