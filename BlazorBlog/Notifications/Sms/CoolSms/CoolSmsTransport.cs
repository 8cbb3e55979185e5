using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Notifications.Sms.Text;

namespace BlazorBlog.Notifications.Sms.CoolSms;

/// <summary>
/// Sends through SOLAPI, the current API of CoolSMS (https://developers.solapi.com): many recipients a call, each with its own outcome. It has no
/// idempotency key, but our delivery id travels as custom field <c>notificationId</c> and is found again by it.
/// </summary>
public sealed class CoolSmsTransport : ISmsTransport, IDisposable
{
    private const string IdField = "notificationId";
    private const int SubjectBytes = 40, PageSize = 500, MaxPages = 5;

    // How far the two clocks may differ; a request off by more than 15 minutes is refused anyway.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly SmsSettings _settings;
    private readonly SiteSettings _site;
    private readonly TimeProvider _time;
    private readonly ProviderClient _client;

    public CoolSmsTransport(SmsSettings settings, SiteSettings site, TimeProvider time)
        : this(settings, site, time, ProviderClient.DefaultTimeout)
    {
    }

    internal CoolSmsTransport(SmsSettings settings, SiteSettings site, TimeProvider time, TimeSpan timeout)
    {
        (_settings, _site, _time) = (settings, site, time);
        _client = new ProviderClient(time, timeout);
    }

    // The provider takes 10,000. One lost answer makes every message of the call unknown, so a call stays small.
    public int MessagesPerCall => 100;

    public async Task<SmsBatchResult> SendAsync(IReadOnlyList<SmsMessage> messages, CancellationToken cancellationToken)
    {
        var numbers = messages.Select(message => PhoneNumber.TryParse(message.To, "KR", out var number) ? number : null).ToList();
        var outgoing = messages.Zip(numbers).Where(pair => pair.Second is not null).Select(pair => Outgoing(pair.First, pair.Second!)).ToList();
        var (groupId, sent) = outgoing.Count == 0 ? (null, []) : await SendAsync(outgoing, cancellationToken);

        var results = sent.GetEnumerator();
        return new SmsBatchResult(groupId,
        [
            .. numbers.Select(number =>
                number is not null && results.MoveNext() ? results.Current : SendResult.Permanent("number", "Not a telephone number in E.164.", SuppressionReason.Undeliverable)),
        ]);
    }

    public async Task<SendResult?> FindAsync(SmsMessage message, DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        if (!PhoneNumber.TryParse(message.To, "KR", out var number))
        {
            return null;
        }

        var since = (sentAt - ClockTolerance).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var (found, complete) = await SearchAsync(
            $"to={CoolSmsSettings.Digits(number)}&dateType=CREATED&startDate={Uri.EscapeDataString(since)}", listed => NotificationId(listed) == message.Id, cancellationToken);
        return found is { } listed ? SendReconciliation.Found(Result(listed))
            : complete ? SendReconciliation.NotFound(sentAt, _time.GetUtcNow())
            : SendReconciliation.Unanswered();
    }

    /// <summary>
    /// What the provider itself says about one message. Reports to the webhook are not signed, so nothing else in them is believed than
    /// that this question is worth asking.
    /// </summary>
    /// <returns>Answered is false when the provider could not be asked; the report is null when it does not know the message.</returns>
    internal async Task<(bool Answered, DeliveryReport? Report)> ReadAsync(string messageId, CancellationToken cancellationToken)
    {
        var (found, complete) = await SearchAsync(
            $"messageId={Uri.EscapeDataString(messageId)}", listed => listed.Text("messageId") == messageId, cancellationToken);
        return (complete, found is { } listed ? CoolSmsReport.Read(listed, NotificationId(listed)) : null);
    }

    public string Fit(SmsText text) => EucKr.Fit(text);

    public SmsSize Measure(string text) => EucKr.Measure(text);

    public void Dispose() => _client.Dispose();

    private CoolSmsRequestMessage Outgoing(SmsMessage message, PhoneNumber to)
    {
        var text = EucKr.Encodable(message.Text);
        var isLong = EucKr.Measure(text).Length > EucKr.SmsBytes;
        return new CoolSmsRequestMessage(
            CoolSmsSettings.Digits(to),
            CoolSmsSettings.Sender(_settings)!,
            to.CountryCode.ToString(CultureInfo.InvariantCulture),
            text,
            isLong ? "LMS" : "SMS",
            isLong ? EucKr.Beginning(_site.Title, SubjectBytes) : null,
            new Dictionary<string, string> { [IdField] = message.Id.ToString() });
    }

    private async Task<(string? GroupId, IReadOnlyList<SendResult> Results)> SendAsync(List<CoolSmsRequestMessage> messages, CancellationToken cancellationToken)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new CoolSmsRequest(messages, AllowDuplicates(messages)), Json), Encoding.UTF8, MediaTypeNames.Application.Json);
        var (answer, failure) = await _client.PostAsync(Address("send-many/detail"), Authorization(), body, cancellationToken);
        if (answer is null)
        {
            return (null, Same(failure!));
        }

        if (answer.IsSuccess)
        {
            return answer.Json() is { } json
                ? (json.Member("groupInfo")?.Text("groupId"), [.. messages.Select(message => Result(message, json))])
                : (null, Same(SendResult.Unknown($"HTTP {(int)answer.Status}", "The answer is not JSON.")));
        }

        return messages.Count > 1 && CoolSmsErrors.MayBlameOneMessage(answer)
            ? (null, await SendHalvesAsync(messages, cancellationToken))
            : (null, Same(CoolSmsErrors.Classify(answer)));

        IReadOnlyList<SendResult> Same(SendResult result) => [.. Enumerable.Repeat(result, messages.Count)];
    }

    // The call was refused as a whole: halving finds the message that is to blame, and the others go.
    private async Task<IReadOnlyList<SendResult>> SendHalvesAsync(List<CoolSmsRequestMessage> messages, CancellationToken cancellationToken)
    {
        var half = messages.Count / 2;
        var first = await SendAsync([.. messages.Take(half)], cancellationToken);
        IReadOnlyList<SendResult> second;
        try
        {
            second = (await SendAsync([.. messages.Skip(half)], cancellationToken)).Results;
        }
        catch (Exception exception)
        {
            // The first half may be on its way: were this thrown, the whole call would be sent again.
            second = [.. Enumerable.Repeat(SendResult.Transient("not sent", $"This part of the call was not sent ({exception.GetType().Name})."), messages.Count - half)];
        }

        return [.. first.Results, .. second];
    }

    // Two comments may reach one person in one call, which the provider refuses (1026) unless told otherwise. The same text to the same
    // number is a bug of ours, and should be refused.
    private static bool AllowDuplicates(List<CoolSmsRequestMessage> messages) =>
        messages.DistinctBy(message => (message.Country, message.To)).Count() < messages.Count
        && messages.DistinctBy(message => (message.Country, message.To, message.Text)).Count() == messages.Count;

    private static SendResult Result(CoolSmsRequestMessage message, JsonElement answer)
    {
        var failed = answer.List("failedMessageList").ToList();
        var id = Guid.Parse(message.CustomFields[IdField]);
        return (Own(failed) ?? Own(answer.List("messageList")) ?? Nameless()) is { } listed
            ? Result(listed)
            : SendResult.Unknown("not in the answer", "The provider's answer speaks of this message neither as taken nor as refused.");

        JsonElement? Own(IEnumerable<JsonElement> list) => First(list, listed => NotificationId(listed) == id);

        // A refusal so early that the custom fields were not read yet names the number only.
        JsonElement? Nameless() => First(failed, listed => NotificationId(listed) is null && listed.Text("to") == message.To);

        static JsonElement? First(IEnumerable<JsonElement> list, Func<JsonElement, bool> isSame) =>
            list.Where(isSame).Select(listed => (JsonElement?)listed).FirstOrDefault();
    }

    private static SendResult Result(JsonElement listed) => listed.Text("statusCode") is { } code
        ? CoolSmsErrors.Classify(code, listed.Text("statusMessage")) with { ProviderId = listed.Text("messageId") }
        : SendResult.Unknown("no status", "The provider names no status for this message.");

    private static Guid? NotificationId(JsonElement listed) =>
        Guid.TryParse(listed.Member("customFields")?.Text(IdField), out var id) ? id : null;

    private async Task<(JsonElement? Found, bool Complete)> SearchAsync(string query, Func<JsonElement, bool> isSame, CancellationToken cancellationToken)
    {
        string? startKey = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var start = startKey is null ? "" : $"&startKey={Uri.EscapeDataString(startKey)}";
            var answer = await _client.GetAsync(Address($"list?{query}&limit={PageSize}{start}"), Authorization(), cancellationToken);
            if (answer is not { IsSuccess: true } || answer.Json() is not { } json)
            {
                return (null, false);
            }

            foreach (var listed in json.List("messageList"))
            {
                if (isSame(listed))
                {
                    return (listed, true);
                }
            }

            startKey = json.Text("nextKey");
            if (string.IsNullOrEmpty(startKey))
            {
                return (null, true);
            }
        }

        return (null, false);
    }

    private AuthenticationHeaderValue Authorization() =>
        CoolSmsAuthorization.Create(_settings.CoolSms.ApiKey!, _settings.CoolSms.ApiSecret!, _time);

    private Uri Address(string resource) => new($"{_settings.CoolSms.BaseUrl.AbsoluteUri.TrimEnd('/')}/messages/v4/{resource}");
}
