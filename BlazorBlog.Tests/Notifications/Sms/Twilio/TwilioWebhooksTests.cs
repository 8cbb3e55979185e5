using System.Net;
using System.Text;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Sms.Twilio;

public sealed class TwilioWebhooksTests : IAsyncLifetime
{
    private const string Site = "https://blog.example.com";
    private const string StatusPath = "/webhooks/twilio/status";
    private const string InboundPath = "/webhooks/twilio/inbound";

    private static readonly FakeTwilioMessage Message = new()
    {
        Sid = "SM00000000000000000000000000000003",
        To = "+821012345678",
        Body = "text",
        DateCreated = DateTimeOffset.UnixEpoch,
        Status = "queued",
    };

    private SmsWebhookHost _blog = null!;

    public async ValueTask InitializeAsync() => _blog = await SmsWebhookHost.StartAsync(TwilioSettings(Site));

    public ValueTask DisposeAsync() => _blog.DisposeAsync();

    [Theory]
    [InlineData("queued", DeliveryReportStatus.Accepted)]
    [InlineData("sending", DeliveryReportStatus.Accepted)]
    [InlineData("sent", DeliveryReportStatus.Sent)]
    [InlineData("delivered", DeliveryReportStatus.Delivered)]
    [InlineData("read", DeliveryReportStatus.Delivered)]
    [InlineData("undelivered", DeliveryReportStatus.Failed)]
    [InlineData("failed", DeliveryReportStatus.Failed)]
    [InlineData("canceled", DeliveryReportStatus.Failed)]
    public async Task A_signed_status_is_applied_to_the_delivery_named_in_its_address(string status, DeliveryReportStatus expected)
    {
        var delivery = Guid.CreateVersion7();
        using var response = await CallAsync($"{StatusPath}?delivery={delivery}", FakeTwilioServer.StatusFields(Message, status));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var report = Assert.Single(_blog.Reports.Reports.Items);
        Assert.Equal((Message.Sid, delivery, expected), (report.ProviderId, report.DeliveryId, report.Status));
        Assert.Equal(expected == DeliveryReportStatus.Failed, report.Failure is not null);
    }

    [Theory]
    [InlineData(21610, SendOutcome.Permanent, SuppressionReason.OptedOut)]
    [InlineData(30003, SendOutcome.Transient, null)]
    [InlineData(30005, SendOutcome.Permanent, SuppressionReason.Undeliverable)]
    [InlineData(30410, SendOutcome.Unknown, null)]
    [InlineData(99999, SendOutcome.Permanent, null)]
    public async Task A_failure_says_what_it_means(int error, SendOutcome outcome, SuppressionReason? suppress)
    {
        using var response = await CallAsync(StatusPath, FakeTwilioServer.StatusFields(Message, "undelivered", error));

        var report = Assert.Single(_blog.Reports.Reports.Items);
        Assert.Equal((null, $"{error}", outcome, suppress), (report.DeliveryId, report.Code, report.Failure?.Outcome, report.Failure?.Suppress));
    }

    [Fact]
    public async Task A_status_not_known_yet_is_answered_and_ignored()
    {
        using var response = await CallAsync(StatusPath, FakeTwilioServer.StatusFields(Message, "teleported"));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.True(_blog.Reports.IsUntouched);
    }

    [Theory]
    [InlineData("STOP", false)]
    [InlineData(" stop\n", false)]
    [InlineData("StopAll", false)]
    [InlineData("UNSUBSCRIBE", false)]
    [InlineData("CANCEL", false)]
    [InlineData("END", false)]
    [InlineData("QUIT", false)]
    [InlineData("REVOKE", false)]
    [InlineData("OPTOUT", false)]
    [InlineData("수신거부", false)]
    [InlineData("거부", false)]
    [InlineData("중지", false)]
    [InlineData("START", true)]
    [InlineData("yes", true)]
    [InlineData("UNSTOP", true)]
    [InlineData("수신동의", true)]
    [InlineData("HELP", null)]
    [InlineData("please do not stop", null)]
    [InlineData("", null)]
    public async Task A_whole_word_stops_or_resumes_messages(string text, bool? choice)
    {
        using var response = await CallAsync(InboundPath, Inbound(text));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/xml", response.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("<Response/>", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(choice is { } isIn ? [("+821012345678", isIn)] : [], _blog.Reports.Choices.Items);
    }

    [Fact]
    public async Task A_word_of_the_owners_choice_is_told_by_twilio()
    {
        using var response = await CallAsync(InboundPath, Inbound("그만", ("OptOutType", "STOP")));
        Assert.Equal([("+821012345678", false)], _blog.Reports.Choices.Items);
    }

    [Fact]
    public async Task A_word_from_a_short_code_concerns_nobody()
    {
        var fields = Inbound("STOP");
        fields["From"] = "12345";
        using var response = await CallAsync(InboundPath, fields);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(_blog.Reports.IsUntouched);
    }

    [Theory]
    [InlineData(StatusPath)]
    [InlineData(InboundPath)]
    public async Task A_wrong_signature_changes_nothing(string path)
    {
        using var signedForAnotherAddress = await _blog.SendAsync(FakeTwilioServer.Webhook(_blog.Address(path), "https://evil.example" + path, Inbound("STOP")));
        using var unsigned = await _blog.SendAsync(new HttpRequestMessage(HttpMethod.Post, _blog.Address(path)) { Content = new FormUrlEncodedContent(Inbound("STOP")) });

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (signedForAnotherAddress.StatusCode, unsigned.StatusCode));
        Assert.True(_blog.Reports.IsUntouched);
    }

    [Fact]
    public async Task A_delivery_id_exchanged_in_the_address_is_refused()
    {
        using var response = await _blog.SendAsync(FakeTwilioServer.Webhook(
            _blog.Address($"{StatusPath}?delivery={Guid.NewGuid()}"), $"{Site}{StatusPath}?delivery={Guid.NewGuid()}", FakeTwilioServer.StatusFields(Message, "delivered")));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.True(_blog.Reports.IsUntouched);
    }

    [Theory]
    [InlineData("https://블로그.example", "https://xn--2i0b10rqve.example")]
    [InlineData("https://blog.example.com:443", "https://blog.example.com")]
    public async Task The_signed_address_has_an_ascii_host_and_no_default_port(string site, string called)
    {
        await using var other = await SmsWebhookHost.StartAsync(TwilioSettings(site));
        using var response = await other.SendAsync(FakeTwilioServer.Webhook(other.Address(StatusPath), called + StatusPath, FakeTwilioServer.StatusFields(Message, "sent")));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", "", HttpStatusCode.Forbidden)]
    [InlineData("multipart/form-data; boundary=x", "--x--", HttpStatusCode.Forbidden)]
    public async Task Other_bodies_are_refused(string type, string body, HttpStatusCode status)
    {
        using var response = await PostAsync(type, Encoding.UTF8.GetBytes(body), chunked: false);
        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_endless_body_is_refused(bool chunked)
    {
        using var response = await PostAsync("application/x-www-form-urlencoded", new byte[200_000], chunked);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Too_many_fields_are_refused()
    {
        using var response = await PostAsync("application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(string.Join('&', Enumerable.Range(0, 2000).Select(i => $"f{i}=1"))), chunked: false);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Without_twilio_there_are_no_such_addresses()
    {
        await using var other = await SmsWebhookHost.StartAsync(new() { ["Site:BaseUrl"] = Site, ["Sms:Transport"] = "Memory" });
        using var status = await other.SendAsync(FakeTwilioServer.Webhook(other.Address(StatusPath), Site + StatusPath, FakeTwilioServer.StatusFields(Message, "sent")));
        using var inbound = await other.SendAsync(FakeTwilioServer.Webhook(other.Address(InboundPath), Site + InboundPath, Inbound("STOP")));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (status.StatusCode, inbound.StatusCode));
        Assert.True(other.Reports.IsUntouched);
    }

    private static Dictionary<string, string?> TwilioSettings(string site) => new()
    {
        ["Site:BaseUrl"] = site,
        ["Sms:Transport"] = "Twilio",
        ["Sms:From"] = FakeTwilioServer.From,
        ["Sms:Twilio:AccountSid"] = FakeTwilioServer.AccountSid,
        ["Sms:Twilio:AuthToken"] = FakeTwilioServer.AuthToken,
    };

    private Task<HttpResponseMessage> CallAsync(string pathAndQuery, Dictionary<string, string> fields) =>
        _blog.SendAsync(FakeTwilioServer.Webhook(_blog.Address(pathAndQuery), Site + pathAndQuery, fields));

    private Task<HttpResponseMessage> PostAsync(string type, byte[] body, bool chunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _blog.Address(StatusPath)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.TransferEncodingChunked = chunked;
        return _blog.SendAsync(request);
    }

    private static Dictionary<string, string> Inbound(string text, params (string Key, string Value)[] more)
    {
        var fields = new Dictionary<string, string>
        {
            ["AccountSid"] = FakeTwilioServer.AccountSid,
            ["Body"] = text,
            ["From"] = "+821012345678",
            ["MessageSid"] = "SM00000000000000000000000000000002",
            ["SmsStatus"] = "received",
            ["To"] = FakeTwilioServer.From,
        };
        foreach (var (key, value) in more)
        {
            fields[key] = value;
        }

        return fields;
    }
}
