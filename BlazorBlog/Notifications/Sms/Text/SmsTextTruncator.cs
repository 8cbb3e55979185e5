using System.Globalization;

namespace BlazorBlog.Notifications.Sms.Text;

/// <summary>Shortens the title of a text and nothing else.</summary>
public static class SmsTextTruncator
{
    /// <summary>
    /// The text with as much of its title as costs no more than the text without any. A title of which nothing fits leaves the ellipsis, or
    /// not even that.
    /// </summary>
    /// <param name="text">The parts; the title is cut between graphemes, so no surrogate pair or accent is ever torn.</param>
    /// <param name="ellipsis">Stands for what was cut.</param>
    /// <param name="cost">Of a whole text; need not grow evenly with its length (holes at the ends of segments).</param>
    public static string Shorten(SmsText text, string ellipsis, Func<string, int> cost)
    {
        var cheapest = cost((text with { Title = "" }).ToString());

        return Candidates(text.Title, ellipsis)
            .Select(candidate => (text with { Title = candidate }).ToString())
            .FirstOrDefault(whole => cost(whole) <= cheapest)
            ?? (text with { Title = "" }).ToString();
    }

    private static IEnumerable<string> Candidates(string title, string ellipsis)
    {
        yield return title;
        foreach (var end in StringInfo.ParseCombiningCharacters(title).Reverse())
        {
            yield return title[..end].TrimEnd() + ellipsis;
        }
    }
}
