using BlazorBlog.Comments.Moderation;
using BlazorBlog.Components;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Notifications.Templates;

/// <summary>Why a comment waits, in a moderator's words.</summary>
public static class HoldReasonText
{
    public static string Of(HoldReason? reason, IStringLocalizer<Texts> texts) => reason switch
    {
        HoldReason.EveryComment => texts["every comment waits"],
        HoldReason.FirstComment => texts["first comment of its writer"],
        HoldReason.TooManyLinks => texts["many links"],
        HoldReason.BlockedWord => texts["a blocked word"],
        HoldReason.RepeatedText => texts["the same text as elsewhere"],
        HoldReason.TooFast => texts["many comments at once"],
        _ => texts["held by a moderator"],
    };
}
