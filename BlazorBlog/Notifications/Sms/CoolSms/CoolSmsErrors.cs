using System.Net;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;

namespace BlazorBlog.Notifications.Sms.CoolSms;

/// <summary>What SOLAPI's status codes and error names mean for a notice (https://developers.solapi.com, message-status-codes).</summary>
internal static class CoolSmsErrors
{
    /// <summary>The class of one message's status: 2000 taken, 3000 handed to the carrier, 4000 done, all others refused.</summary>
    public static SendResult Classify(string statusCode, string? text) => statusCode switch
    {
        "2000" or "3000" or "4000" => SendResult.Accepted(code: statusCode, text: text),
        "1024" or "2024" or "3012" or "3024" or "3040" or "3041" or "3042" or "3043" or "3044" or "3053" or "3056" or "3057" => SendResult.Transient(statusCode, text),
        "1020" or "2063" => SendResult.ChannelDown(ChannelFault.Authentication, statusCode, text),
        "1030" or "2230" => SendResult.ChannelDown(ChannelFault.Quota, statusCode, text),
        "1062" or "2062" or "3059" => SendResult.ChannelDown(ChannelFault.Configuration, statusCode, text),
        "1060" or "1061" or "2060" or "2061" => SendResult.Permanent(statusCode, text, SuppressionReason.OptedOut),
        // Not a number, no subscriber, no SMS on this line: nothing will ever arrive there.
        "3010" or "3032" or "3050" => SendResult.Permanent(statusCode, text, SuppressionReason.Undeliverable),
        _ => SendResult.Permanent(statusCode, text),
    };

    /// <summary>The class of a refused call, which speaks for every message in it.</summary>
    public static SendResult Classify(ProviderResponse answer)
    {
        var json = answer.Json();
        var name = json?.Text("errorCode");
        var text = json?.Text("errorMessage");
        return name switch
        {
            null => answer.Classify(text),
            // An intermediary repeated the request, and the first copy may have been accepted.
            "DuplicatedSignature" => SendResult.Unknown(name, text),
            "RequestTimeTooSkewed" => SendResult.ChannelDown(ChannelFault.Configuration, name, "The clock of this machine is wrong by more than 15 minutes."),
            _ => answer.Classify(text) with { Code = name },
        };
    }

    /// <summary>Whether one bad message may have had the whole call refused before any of it was taken.</summary>
    public static bool MayBlameOneMessage(ProviderResponse answer) =>
        answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity;
}
