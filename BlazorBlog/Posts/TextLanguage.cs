using System.Globalization;
using System.Text;

namespace BlazorBlog.Posts;

/// <summary>In which language a text is written, as far as its script says so.</summary>
public static class TextLanguage
{
    /// <summary>Longest language tag that is kept (RFC 5646, 4.4.1).</summary>
    public const int MaxLength = 35;

    /// <summary>A Korean or Chinese character stands for some three letters, and Korean about technology is full of English names.</summary>
    private const int SyllableWeight = 4;

    /// <returns>A language tag (BCP 47); null for a script of several languages, and for a text without letters.</returns>
    public static string? Of(string text)
    {
        var weights = new Dictionary<string, int>();
        foreach (var rune in text.EnumerateRunes().Where(Rune.IsLetter))
        {
            var language = Of(rune.Value);
            weights[language] = weights.GetValueOrDefault(language) + (language is "ko" or "ja" or "zh" ? SyllableWeight : 1);
        }

        // Japanese is written in Chinese characters as well.
        if (weights.Remove("ja", out var kana))
        {
            weights["ja"] = kana + (weights.Remove("zh", out var han) ? han : 0);
        }

        return weights.Count > 0 && weights.MaxBy(pair => pair.Value).Key is { Length: > 0 } most ? most : null;
    }

    /// <returns>The value of a lang attribute; null where the text is in the language of the page around it, or in one not known.</returns>
    public static string? Unlike(string page, string? language) => language == page ? null : language;

    /// <returns>The same for a comment in a page or mail of the current language.</returns>
    public static string? UnlikePage(string html) => Unlike(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, Of(RenderedHtml.TextOf(html)));

    private static string Of(int letter) => letter switch
    {
        // Of the languages in Latin letters only English is one of the blog's own.
        < 0x250 => "en",
        (>= 0xAC00 and <= 0xD7A3) or (>= 0x1100 and <= 0x11FF) or (>= 0x3131 and <= 0x318E) => "ko",
        (>= 0x3041 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0xFF66 and <= 0xFF9D) => "ja",
        (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFF) => "zh",
        >= 0x0370 and <= 0x03FF => "el",
        >= 0x0530 and <= 0x058F => "hy",
        >= 0x0590 and <= 0x05FF => "he",
        >= 0x0E00 and <= 0x0E7F => "th",
        >= 0x10A0 and <= 0x10FF => "ka",
        _ => "",
    };
}
