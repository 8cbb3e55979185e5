using System.Globalization;
using System.Text.RegularExpressions;

namespace BlazorBlog.Notifications.Notices;

/// <summary>Pieces of a notice that its templates share.</summary>
public static partial class NoticeTexts
{
    /// <summary>Most of the comment that a mail repeats, in characters; the rest is a click away.</summary>
    private const int ExcerptLength = 1500;

    /// <summary>The comment's moment in the recipient's zone, <c>yyyy.MM.dd HH:mm</c> as Korean writes it.</summary>
    public static string KoreanTime(Notice notice) => LocalTime(notice).ToString("yyyy.MM.dd HH:mm", CultureInfo.InvariantCulture);

    public static string LongTime(Notice notice) => LocalTime(notice).ToString("MMMM d, yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The comment in one line, as a sentence can quote it.</summary>
    public static string OneLine(Notice notice) => Cut(Blanks().Replace(notice.Comment.Body, " ").Trim());

    /// <summary>The comment as typed, each line marked as quoted.</summary>
    public static string Quoted(Notice notice) => string.Join('\n', Cut(notice.Comment.Body).Split('\n').Select(line => "> " + line));

    private static DateTimeOffset LocalTime(Notice notice) => TimeZoneInfo.ConvertTime(notice.Comment.CreatedAt, notice.Zone);

    private static string Cut(string text)
    {
        if (text.Length <= ExcerptLength)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[ExcerptLength - 1]) ? ExcerptLength - 1 : ExcerptLength;
        return text[..end].TrimEnd() + " …";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
