using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BlazorBlog.Hosting;

namespace BlazorBlog.Notifications.Sms;

/// <summary>
/// Sends through Twilio's Messages resource (https://www.twilio.com/docs/messaging/api/message-resource), which takes one recipient a call and has no
/// idempotency key: whatever could have arrived is <see cref="SendOutcome.Unknown"/> and looked up before it is sent again.
/// </summary>
public sealed class TwilioSmsTransport : ISmsTransport, IDisposable
{
    /// <summary>Route of the status callback; the delivery's id is its query parameter <c>delivery</c>.</summary>
    public const string StatusPath = "/webhooks/twilio/status";

    private const int PageSize = 100, MaxPages = 5;

    // How far the two clocks may differ.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly SmsSettings _settings;
    private readonly SiteSettings _site;
    private readonly TimeProvider _time;
    private readonly ProviderClient _client;
    private readonly AuthenticationHeaderValue _authorization;

    public TwilioSmsTransport(SmsSettings settings, SiteSettings site, TimeProvider time)
        : this(settings, site, time, ProviderClient.DefaultTimeout)
    {
    }

    internal TwilioSmsTransport(SmsSettings settings, SiteSettings site, TimeProvider time, TimeSpan timeout)
    {
        (_settings, _site, _time) = (settings, site, time);
        _client = new ProviderClient(time, timeout);
        _authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.Twilio.AccountSid}:{settings.Twilio.AuthToken}")));
    }

    public int MessagesPerCall => 1;

    public async Task<SmsBatchResult> SendAsync(IReadOnlyList<SmsMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count > MessagesPerCall)
        {
            throw new ArgumentException("Twilio takes one message a call.", nameof(messages));
        }

        return new SmsBatchResult(null, messages.Count == 0 ? [] : [await SendAsync(messages[0], cancellationToken)]);
    }

    public async Task<SendResult?> FindAsync(SmsMessage message, DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        // By date first: it finds the message whatever else that number got. A message still queued has no sent date yet and stands only
        // in the list without one.
        var since = (sentAt - ClockTolerance).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var filter in new[] { $"&DateSent%3E={since}", "" })
        {
            var (found, complete) = await SearchAsync(message, sentAt, filter, cancellationToken);
            if (found is not null)
            {
                return ProviderSearch.Found(Result(found.Value));
            }

            if (!complete)
            {
                return ProviderSearch.Unanswered();
            }
        }

        return ProviderSearch.NotFound(sentAt, _time.GetUtcNow());
    }

    public string Fit(SmsText text) => SmsSegments.Fit(text);

    public SmsSize Measure(string text) => SmsSegments.Measure(text);

    public void Dispose() => _client.Dispose();

    private async Task<SendResult> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(Fields(message));
        var (answer, failure) = await _client.PostAsync(Address("Messages.json"), _authorization, form, cancellationToken);
        return answer is null ? failure!
            : answer.IsSuccess ? Taken(answer)
            : TwilioErrors.Classify(answer);
    }

    private IEnumerable<KeyValuePair<string, string>> Fields(SmsMessage message)
    {
        yield return new("To", message.To);
        if (_settings.Twilio.MessagingServiceSid is { } service)
        {
            yield return new("MessagingServiceSid", service);
        }
        else
        {
            yield return new("From", _settings.E164(_settings.From!) ?? _settings.From!);
        }

        yield return new("Body", message.Text);

        // Twilio refuses the whole message (21609) for an address that it cannot call.
        if (_site.BaseUrl is { Scheme: "https", IsLoopback: false })
        {
            yield return new("StatusCallback", _site.Link($"{StatusPath}?delivery={message.Id}").AbsoluteUri);
        }
    }

    // A success without a sid was not written by Twilio, or not to its end.
    private static SendResult Taken(ProviderAnswer answer) => answer.Json() is { } json && json.Text("sid") is { } sid
        ? SendResult.Accepted(sid, json.Text("status"))
        : SendResult.Unknown($"HTTP {(int)answer.Status}", "The answer is not a message resource.");

    private async Task<(JsonElement? Found, bool Complete)> SearchAsync(SmsMessage message, DateTimeOffset sentAt, string filter, CancellationToken cancellationToken)
    {
        var next = Address($"Messages.json?To={Uri.EscapeDataString(message.To)}&PageSize={PageSize}{filter}");
        for (var page = 0; page < MaxPages; page++)
        {
            var answer = await _client.GetAsync(next, _authorization, cancellationToken);
            if (answer is not { IsSuccess: true } || answer.Json() is not { } json)
            {
                return (null, false);
            }

            foreach (var listed in json.List("messages"))
            {
                if (IsSame(listed, message, sentAt))
                {
                    return (listed, true);
                }
            }

            // Only the path of the next page is taken from the answer: our credentials go to the configured host alone.
            if (json.Text("next_page_uri") is not { Length: > 1 } path || path[0] != '/')
            {
                return (null, true);
            }

            next = new Uri(_settings.Twilio.BaseUrl.AbsoluteUri.TrimEnd('/') + path);
        }

        return (null, false);
    }

    // Twilio writes a line of its own before the text of a trial account.
    private static bool IsSame(JsonElement listed, SmsMessage message, DateTimeOffset sentAt) =>
        listed.Text("to") == message.To
        && listed.Text("direction") is null or "outbound-api"
        && listed.Text("body")?.EndsWith(message.Text, StringComparison.Ordinal) == true
        && (!DateTimeOffset.TryParse(listed.Text("date_created"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created)
            || created >= sentAt - ClockTolerance);

    private static SendResult Result(JsonElement listed) => listed.Text("status") is "failed" or "undelivered"
        ? TwilioStatus.Failure(listed.Text("error_code"), listed.Text("error_message")) with { ProviderId = listed.Text("sid") }
        : SendResult.Accepted(listed.Text("sid"), listed.Text("status"));

    private Uri Address(string resource) =>
        new($"{_settings.Twilio.BaseUrl.AbsoluteUri.TrimEnd('/')}/2010-04-01/Accounts/{_settings.Twilio.AccountSid}/{resource}");
}
