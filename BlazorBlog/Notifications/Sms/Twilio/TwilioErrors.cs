using System.Globalization;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using Twilio.Exceptions;

namespace BlazorBlog.Notifications.Sms.Twilio;

/// <summary>
/// What Twilio's error numbers mean for a notice, whether they answer a send or come later in a status callback
/// (https://www.twilio.com/docs/api/errors). Numbers are stable, wording is not, so the words are passed on and never read. The numbers
/// about our own webhooks (11200, 12200, 12300, 14107) stand in the account's debugger and never answer a send.
/// </summary>
internal static class TwilioErrors
{
    /// <summary>The class of a number; null when it is not known here.</summary>
    public static SendResult? Classify(int code, string? text, TimeSpan? retryAfter = null)
    {
        var name = code.ToString(CultureInfo.InvariantCulture);
        return code switch
        {
            // Account suspended or closed counts as authentication: the owner must sign in there and act.
            20003 or 20005 or 10001 or 30002 => SendResult.ChannelDown(ChannelFault.Authentication, name, text, retryAfter),
            20008 or 21212 or 21601 or 21606 or 21609 or 21703 or 21705 or 30010 or 30032 or 30034 =>
                SendResult.ChannelDown(ChannelFault.Configuration, name, text, retryAfter),

            // The account may not send to this number or this country. Only its owner can change that, but everyone else's
            // notices go through, so the channel stays up.
            21219 or 21408 or 21608 => SendResult.Permanent(name, text),

            21610 => SendResult.Permanent(name, text, SuppressionReason.OptedOut),
            21211 or 21614 or 30005 or 30006 => SendResult.Permanent(name, text, SuppressionReason.Undeliverable),
            20404 or 21214 or 21612 or 21602 or 21603 or 21604 or 21617 or 30004 or 30007 or 30036 or 30450 => SendResult.Permanent(name, text),

            20429 or 21730 or 30001 or 30008 or 30017 or 30022 => SendResult.Transient(name, text, retryAfter),
            // Handset off, quiet hours: an earlier retry would fail again.
            30003 or 30610 => SendResult.Transient(name, text, retryAfter ?? TimeSpan.FromMinutes(30)),
            // The sender's queue holds four hours of traffic; a daily cap ends with the day.
            21611 or 30023 => SendResult.Transient(name, text, retryAfter ?? TimeSpan.FromHours(4)),

            // Twilio itself lost the outcome and does not repeat the message, so that it cannot arrive twice.
            30410 => SendResult.Unknown(name, text),
            _ => null,
        };
    }

    /// <summary>What a failed message's error means; one not known here is taken for final.</summary>
    public static SendResult Failure(int? error, string? text) =>
        (error is { } code ? Classify(code, text) : null) ?? SendResult.Permanent(error?.ToString(CultureInfo.InvariantCulture) ?? "failed", text);

    /// <summary>The class of a call that was answered and yet made the SDK throw: a refusal, or an answer it could not read.</summary>
    public static SendResult Classify(ProviderResponse response, Exception exception) => exception switch
    {
        // Without a status the body was not Twilio's JSON, and the message quotes it.
        ApiException { Status: not 0 } refusal => Classify(response, refusal.Code, refusal.Message),
        ApiStandardException refusal => Classify(response, refusal.Code, refusal.Message),
        _ => response.Classify(),
    };

    private static SendResult Classify(ProviderResponse response, int code, string text) => code == 0
        ? response.Classify(text)
        : Classify(code, text, response.RetryAfter) ?? (response.Classify(text) with { Code = code.ToString(CultureInfo.InvariantCulture) });
}
