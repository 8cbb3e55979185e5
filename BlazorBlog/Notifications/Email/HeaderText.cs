using System.Globalization;
using System.Text;

namespace BlazorBlog.Notifications.Email;

/// <summary>Makes foreign text fit for one header line.</summary>
public static class HeaderText
{
    /// <summary>
    /// White space and control characters of every kind become single blanks, lone surrogates U+FFFD. Marks that force a direction are
    /// taken out: they serve to disguise a sender, while right-to-left text needs none of them.
    /// </summary>
    public static string Clean(string text)
    {
        if (IsClean(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsBlank(rune))
            {
                if (clean.Length > 0 && clean[^1] != ' ')
                {
                    clean.Append(' ');
                }
            }
            else if (!ForcesDirection(rune))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString().TrimEnd(' ');
    }

    private static bool IsClean(string text) =>
        !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && !text.Contains("  ", StringComparison.Ordinal)
        && !text.StartsWith(' ') && !text.EndsWith(' ');

    private static bool IsBlank(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool ForcesDirection(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
