using System.Net;
using System.Text.RegularExpressions;

namespace BlazorBlog.DevMailbox;

/// <summary>A piece of text; a link when it has an address.</summary>
internal sealed record LinkedPiece(string Text, string? Address = null);

/// <summary>Finds the links of a message. Only web addresses count: the content of a message is not trusted.</summary>
internal static partial class MessageLinks
{
    /// <summary>The whole text, cut where links begin and end.</summary>
    public static IEnumerable<LinkedPiece> Split(string text)
    {
        var at = 0;
        foreach (Match match in PlainAddress().Matches(text))
        {
            if (match.Index > at)
            {
                yield return new LinkedPiece(text[at..match.Index]);
            }

            yield return new LinkedPiece(match.Value, match.Value);
            at = match.Index + match.Length;
        }

        if (at < text.Length)
        {
            yield return new LinkedPiece(text[at..]);
        }
    }

    /// <summary>The text without its links, and without what led to one at its end.</summary>
    public static string Without(string text) => string.Concat(Split(text).Where(piece => piece.Address is null).Select(piece => piece.Text)).Trim().TrimEnd(':');

    /// <summary>Each address of an HTML text once, with the words that carry it.</summary>
    public static IEnumerable<LinkedPiece> OfHtml(string html) => Anchor().Matches(html)
        .Select(match => (Address: WebUtility.HtmlDecode(match.Groups["address"].Value), Words: Words(match.Groups["words"].Value)))
        .Where(link => Uri.TryCreate(link.Address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        .DistinctBy(link => link.Address)
        .Select(link => new LinkedPiece(link.Words.Length == 0 ? link.Address : link.Words, link.Address));

    private static string Words(string html) => Space().Replace(WebUtility.HtmlDecode(Tag().Replace(html, " ")), " ").Trim();

    /// <summary>A mark at the end belongs to the sentence around it.</summary>
    [GeneratedRegex("""\bhttps?://[^\s<>"]*[^\s<>".,;:!?'()\]]""", RegexOptions.IgnoreCase)]
    private static partial Regex PlainAddress();

    [GeneratedRegex("""<a\s[^>]*?\bhref\s*=\s*(["'])(?<address>.*?)\1[^>]*>(?<words>.*?)</a\s*>""", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Anchor();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
