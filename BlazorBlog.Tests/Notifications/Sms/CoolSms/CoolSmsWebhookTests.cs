using System.Net;
using System.Net.Http.Json;
using System.Text;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Sms.CoolSms;

public sealed class CoolSmsWebhookTests : IAsyncLifetime
{
    private const string Secret = "a-secret-nobody-guesses";

    private FakeSolapiServer _solapi = null!;
    private SmsWebhookHost _blog = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _solapi = await FakeSolapiServer.StartAsync();
        _blog = await StartAsync(Secret);
    }

    public async ValueTask DisposeAsync()
    {
        await _blog.DisposeAsync();
        await _solapi.DisposeAsync();
    }

    [Theory]
    [InlineData("2000", DeliveryReportStatus.Accepted, null)]
    [InlineData("3000", DeliveryReportStatus.Sent, null)]
    [InlineData("4000", DeliveryReportStatus.Delivered, null)]
    [InlineData("3032", DeliveryReportStatus.Failed, SuppressionReason.Undeliverable)]
    [InlineData("2061", DeliveryReportStatus.Failed, SuppressionReason.OptedOut)]
    public async Task A_report_is_applied_as_the_provider_confirms_it(string status, DeliveryReportStatus expected, SuppressionReason? suppress)
    {
        var sms = await SendAsync();
        var taken = _solapi.Messages.Items[0];
        taken.StatusCode = status;

        // What the report itself claims is not believed.
        using var response = await ReportAsync(Secret, Event(taken.MessageId, "4000"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var report = Assert.Single(_blog.Reports.Reports.Items);
        Assert.Equal((taken.MessageId, sms.Id, expected, status), (report.ProviderId, report.DeliveryId, report.Status, report.Code));
        Assert.Equal(suppress, report.Failure?.Suppress);
    }

    [Fact]
    public async Task Forged_and_foreign_messages_are_ignored()
    {
        await SendAsync();
        using var response = await ReportAsync(Secret, Event("M4VFORGED", "4000"), new { eventDataId = "g", data = new { groupId = "G4V" } }, "nonsense");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.True(_blog.Reports.IsUntouched);
    }

    [Fact]
    public async Task A_repeated_event_is_asked_about_once()
    {
        await SendAsync();
        var id = _solapi.Messages.Items[0].MessageId;
        using var response = await ReportAsync(Secret, Event(id, "4000"), Event(id, "4000"));
        Assert.Single(_blog.Reports.Reports.Items);
    }

    [Fact]
    public async Task A_report_about_a_whole_call_is_applied_whole()
    {
        var messages = Enumerable.Range(0, 50).Select(i => new SmsMessage(Guid.CreateVersion7(), $"+8210000000{i:D2}", "새 댓글")).ToList();
        await _blog.Transport.SendAsync(messages, Cancellation);

        using var response = await ReportAsync(Secret, [.. _solapi.Messages.Items.Select(message => Event(message.MessageId, "3000"))]);

        Assert.Equal(messages.Select(message => (Guid?)message.Id).Order(), _blog.Reports.Reports.Items.Select(report => report.DeliveryId).Order());
        Assert.Empty(_solapi.Complaints.Items);
    }

    [Fact]
    public async Task When_the_provider_cannot_be_asked_it_is_told_to_come_again()
    {
        await SendAsync();
        _solapi.FailQuestions = 500;
        using var response = await ReportAsync(Secret, Event(_solapi.Messages.Items[0].MessageId, "4000"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(_blog.Reports.IsUntouched);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("A-secret-nobody-guesses")]
    [InlineData("a-secret-nobody-guesses1")]
    public async Task A_wrong_secret_finds_nothing(string secret)
    {
        await SendAsync();
        using var response = await ReportAsync(secret, Event(_solapi.Messages.Items[0].MessageId, "4000"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.True(_blog.Reports.IsUntouched);
    }

    [Fact]
    public async Task Without_a_configured_secret_there_is_no_such_address()
    {
        await using var blog = await StartAsync(null);
        using var response = await blog.SendAsync(new HttpRequestMessage(HttpMethod.Post, blog.Address("/webhooks/coolsms/x")) { Content = JsonContent.Create(Array.Empty<object>()) });
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("[", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.NoContent)]
    [InlineData("[1, null, {}, {\"data\": 3}, {\"data\": {\"messageId\": {}}}]", HttpStatusCode.NoContent)]
    public async Task Odd_bodies_change_nothing(string body, HttpStatusCode status)
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes(body));
        Assert.Equal(status, response.StatusCode);
        Assert.True(_blog.Reports.IsUntouched);
    }

    [Fact]
    public async Task An_endless_body_is_refused()
    {
        using var response = await PostAsync(new byte[2_000_000]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private Task<SmsWebhookHost> StartAsync(string? secret) => SmsWebhookHost.StartAsync(new()
    {
        ["Sms:Transport"] = "CoolSms",
        ["Sms:From"] = FakeSolapiServer.From,
        ["Sms:CoolSms:ApiKey"] = FakeSolapiServer.ApiKey,
        ["Sms:CoolSms:ApiSecret"] = FakeSolapiServer.ApiSecret,
        ["Sms:CoolSms:BaseUrl"] = _solapi.BaseUrl.AbsoluteUri,
        ["Sms:CoolSms:WebhookSecret"] = secret,
    });

    private async Task<SmsMessage> SendAsync()
    {
        var sms = new SmsMessage(Guid.CreateVersion7(), "+821012345678", "새 댓글");
        await _blog.Transport.SendAsync([sms], Cancellation);
        return sms;
    }

    private static object Event(string messageId, string status) =>
        new { eventDataId = Guid.NewGuid(), data = new { messageId, statusCode = status }, retryCount = 0 };

    private Task<HttpResponseMessage> ReportAsync(string secret, params object[] events) =>
        _blog.SendAsync(new HttpRequestMessage(HttpMethod.Post, _blog.Address($"/webhooks/coolsms/{secret}")) { Content = JsonContent.Create(events) });

    private Task<HttpResponseMessage> PostAsync(byte[] body) =>
        _blog.SendAsync(new HttpRequestMessage(HttpMethod.Post, _blog.Address($"/webhooks/coolsms/{Secret}")) { Content = new ByteArrayContent(body) });
}
