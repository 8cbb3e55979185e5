using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Sms.Text;
using Twilio.Clients;
using Twilio.Exceptions;
using Twilio.Http;
using Twilio.Rest.Api.V2010.Account;
using HttpClient = System.Net.Http.HttpClient;

namespace BlazorBlog.Notifications.Sms.Twilio;

/// <summary>
/// Sends through Twilio's SDK and Messages resource (https://www.twilio.com/docs/messaging/api/message-resource), which takes one recipient a call
/// and has no idempotency key: a message that may have arrived is <see cref="SendOutcome.Unknown"/> and looked up before it is sent again.
/// </summary>
public sealed class TwilioSmsTransport(SmsSettings settings, SiteSettings site, TimeProvider time) : ISmsTransport, IDisposable
{
    internal const int PageSize = 500;

    // How far the two clocks may differ.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly SocketsHttpHandler _connections = ProviderClient.CreateHandler();

    public int MessagesPerCall => 1;

    internal TimeSpan Timeout { get; init; } = ProviderClient.DefaultTimeout;

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
        var since = sentAt - ClockTolerance;
        if (await ListAsync(message.To, cancellationToken) is not { } listed)
        {
            return SendReconciliation.Unanswered();
        }

        if (listed.FirstOrDefault(candidate => IsSame(candidate, message, since)) is { } found)
        {
            return SendReconciliation.Found(Result(found));
        }

        // The newest come first: a full page that does not reach back to the attempt proves nothing.
        return listed.Count < PageSize || CreatedAt(listed[^1]) < since
            ? SendReconciliation.NotFound(sentAt, time.GetUtcNow())
            : SendReconciliation.Unanswered();
    }

    public string Fit(SmsText text) => SmsSegments.Fit(text);

    public SmsSize Measure(string text) => SmsSegments.Measure(text);

    public void Dispose() => _connections.Dispose();

    private async Task<SendResult> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = new TwilioHandler(_connections, settings.Twilio.BaseUrl, time, cancellationToken);
        using var http = Client(call);
        try
        {
            var created = await MessageResource.CreateAsync(Options(message), Client(http));
            // The SDK takes every status below 400 for success, and `{}` for a message.
            return call.Response is { IsSuccess: true } && created?.Sid is { } sid
                ? SendResult.Accepted(sid, created.Status?.ToString())
                : call.Response!.Classify();
        }
        catch (Exception exception) when (exception is TwilioException || call.HandedOver)
        {
            if (call.Response is { } response)
            {
                return TwilioErrors.Classify(response, exception);
            }

            if (!call.HandedOver)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return ProviderClient.NoAnswer(call.HandedOver, exception.InnerException ?? exception);
        }
    }

    private CreateMessageOptions Options(SmsMessage message)
    {
        var options = new CreateMessageOptions(new(message.To)) { Body = message.Text };
        if (settings.Twilio.MessagingServiceSid is { } service)
        {
            options.MessagingServiceSid = service;
        }
        else
        {
            options.From = new(settings.E164(settings.From!) ?? settings.From!);
        }

        // Twilio refuses the whole message (21609) for an address that it cannot call.
        if (site.BaseUrl is { Scheme: "https", IsLoopback: false })
        {
            options.StatusCallback = new Uri(TwilioWebhooks.PublicAddress(site, $"{TwilioWebhooks.StatusPath}?delivery={message.Id}"));
        }

        return options;
    }

    /// <summary>The latest messages to a number, newest first; null when the provider could not be asked.</summary>
    private async Task<IReadOnlyList<MessageResource>?> ListAsync(string to, CancellationToken cancellationToken)
    {
        using var http = Client(new TwilioHandler(_connections, settings.Twilio.BaseUrl, time, cancellationToken));
        try
        {
            var listed = await MessageResource.ReadAsync(new ReadMessageOptions { To = new(to), PageSize = PageSize }, Client(http));
            // The SDK reads further pages only by blocking the thread.
            listed.AutoPaging = false;
            return [.. listed];
        }
        catch (Exception)
        {
            // Any exception of the SDK means that the list was not read.
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private HttpClient Client(TwilioHandler call) => new(call, disposeHandler: false) { Timeout = Timeout };

    private TwilioRestClient Client(HttpClient http) =>
        new(settings.Twilio.AccountSid, settings.Twilio.AuthToken, httpClient: new SystemNetHttpClient(http));

    // Not by the whole text: the comment's author may have another name by now. Trial accounts have a line of Twilio's own before the text.
    private static bool IsSame(MessageResource listed, SmsMessage message, DateTimeOffset since) =>
        listed.To == message.To
        && listed.Direction?.ToString() is null or "outbound-api"
        && listed.Body?.EndsWith(message.Link, StringComparison.Ordinal) == true
        && !(CreatedAt(listed) < since);

    private static DateTimeOffset? CreatedAt(MessageResource listed) => listed.DateCreated;

    private static SendResult Result(MessageResource listed) => listed.Status?.ToString() is "failed" or "undelivered"
        ? TwilioErrors.Failure(listed.ErrorCode, listed.ErrorMessage) with { ProviderId = listed.Sid }
        : SendResult.Accepted(listed.Sid, listed.Status?.ToString());
}
