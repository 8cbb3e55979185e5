using System.Globalization;
using System.Text.RegularExpressions;
using BlazorBlog.Components;
using BlazorBlog.Notifications.Deliveries;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Notifications.Templates;

/// <summary>Pieces of a notice that its templates share.</summary>
public static partial class NotificationTexts
{
    /// <summary>Most of the comment that a mail repeats, in characters; the rest is a click away.</summary>
    private const int ExcerptLength = 1500;

    /// <summary>Of each comment that waits, in characters.</summary>
    private const int WaitingLength = 300;

    /// <summary>The comment's moment in the recipient's zone, <c>yyyy.MM.dd HH:mm</c> as Korean writes it.</summary>
    public static string KoreanTime(CommentNotification notice) => LocalTime(notice).ToString("yyyy.MM.dd HH:mm", CultureInfo.InvariantCulture);

    public static string LongTime(CommentNotification notice, IStringLocalizer<Texts> texts) =>
        LocalTime(notice).ToString(texts["MMMM d, yyyy, HH:mm"], CultureInfo.CurrentCulture);

    /// <summary>The comment in one line, as a sentence can quote it.</summary>
    public static string OneLine(CommentNotification notice) => Cut(Blanks().Replace(notice.Comment.Body, " ").Trim(), ExcerptLength);

    /// <summary>The comment as typed, each line marked as quoted.</summary>
    public static string Quoted(CommentNotification notice) => Quote(Cut(notice.Comment.Body, ExcerptLength));

    public static string Quote(string text) => string.Join('\n', text.Split('\n').Select(line => "> " + line));

    /// <summary>Enough of a comment to judge it by.</summary>
    public static string Excerpt(string body) => Cut(body, WaitingLength);

    public static string WaitingSubject(HeldComments waiting, IStringLocalizer<Texts> texts) =>
        waiting.Count == 1 ? texts["1 comment waits for approval"] : texts["{0} comments wait for approval", waiting.Count];

    private static DateTimeOffset LocalTime(CommentNotification notice) => TimeZoneInfo.ConvertTime(notice.Comment.CreatedAt, notice.Zone);

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return text[..end].TrimEnd() + " …";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
