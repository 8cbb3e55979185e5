using System.Net;
using System.Net.Http.Headers;
using System.Text;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Sms;

/// <summary>What a provider answered over HTTP.</summary>
/// <param name="Status">Any, redirects included.</param>
/// <param name="Body">Read as UTF-8; the declared charset is ignored.</param>
/// <param name="RetryAfter">From the Retry-After header (RFC 9110, 10.2.3), either form.</param>
internal sealed record ProviderResponse(HttpStatusCode Status, string Body, TimeSpan? RetryAfter)
{
    public const int MaxBytes = 4 * 1024 * 1024;

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Reads a response to its end; its content can be read again afterwards.</summary>
    /// <exception cref="HttpRequestException">The connection broke, or the body is longer than <see cref="MaxBytes"/>.</exception>
    public static async Task<ProviderResponse> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new ProviderResponse(response.StatusCode, Encoding.UTF8.GetString(body), Wait(response.Headers.RetryAfter, time));
    }

    /// <summary>
    /// The meaning of a status whose body says nothing we know. There is no idempotency key with these providers, so an error behind the
    /// front door (500, 502, 504) may have struck after the message was taken: unknown, to be looked up before it is sent again. So is a
    /// success that was not written by the provider, or not to its end. 503 is the server's word that it did not handle the request
    /// (RFC 9110, 15.6.4), and 429 that it refused to.
    /// </summary>
    public SendResult Classify(string? text = null)
    {
        var code = $"HTTP {(int)Status}";
        return (int)Status switch
        {
            429 or 503 => SendResult.Transient(code, text, RetryAfter),
            401 or 403 => SendResult.ChannelDown(ChannelFault.Authentication, code, text, RetryAfter),
            402 => SendResult.ChannelDown(ChannelFault.Quota, code, text, RetryAfter),
            (>= 300 and < 400) or 404 or 405 or 410 => SendResult.ChannelDown(ChannelFault.Configuration, code, text ?? "The provider's address is wrong or has moved."),
            < 300 => SendResult.Unknown(code, text ?? "The provider's answer was not understood."),
            408 or >= 500 => SendResult.Unknown(code, text),
            _ => SendResult.Permanent(code, text),
        };
    }

    private static TimeSpan? Wait(RetryConditionHeaderValue? header, TimeProvider time) =>
        header?.Delta ?? (header?.Date - time.GetUtcNow() is { } wait ? TimeSpan.FromTicks(Math.Max(wait.Ticks, 0)) : null);
}
