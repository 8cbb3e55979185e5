using BlazorBlog.Components;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Comments.Posting;

/// <summary>
/// Tells who asked for mail about replies that the address is to be confirmed first. It says nothing of the address itself: whether it unsubscribed
/// is its owner's business, and anybody may have typed it.
/// </summary>
internal static class ConfirmationText
{
    public static string Of(CommentStatus status, IStringLocalizer<Texts> texts)
    {
        string first = status == CommentStatus.Approved
            ? texts["To get replies by mail, open the link in the mail that we send you now."]
            : texts["To get replies by mail, open the link in the mail that we send you once your comment is approved."];
        return $"{first} {texts["If none comes, look into your spam folder. If you unsubscribed once, the link in an older mail of ours takes that back."]}";
    }
}
