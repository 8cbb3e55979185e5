using System.Net;
using System.Text.Json;

namespace BlazorBlog.Notifications.Sms;

/// <summary>What a provider answered over HTTP.</summary>
/// <param name="Status">Any, redirects included.</param>
/// <param name="Body">Read as UTF-8, whatever it claims to be.</param>
/// <param name="RetryAfter">From the Retry-After header (RFC 9110, 10.2.3), either form.</param>
internal sealed record ProviderAnswer(HttpStatusCode Status, string Body, TimeSpan? RetryAfter)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body as a JSON object; null when it is none.</summary>
    public JsonElement? Json()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// The meaning of a status whose body says nothing we know. There is no idempotency key with these providers, so an error behind the
    /// front door (500, 502, 504) may have struck after the message was taken: unknown, to be looked up before it is sent again. 503 is
    /// the server's word that it did not handle the request (RFC 9110, 15.6.4), and 429 that it refused to.
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
            408 or >= 500 => SendResult.Unknown(code, text),
            _ => SendResult.Permanent(code, text),
        };
    }
}
