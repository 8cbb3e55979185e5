using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using BlazorBlog.Hosting;

namespace BlazorBlog.Comments.Moderation;

/// <summary>Text as a reader sees it, for comparing: two texts that look alike are mostly equal here, whatever characters they are made of.</summary>
internal static partial class ComparableText
{
    /// <summary>The words of a rendered comment, and the addresses its links lead to. Emphasis inside a word leaves no trace, a block ends one.</summary>
    /// <param name="html">Sanitised, so every attribute is quoted and every "&lt;" begins a tag.</param>
    public static string OfHtml(string html)
    {
        var addresses = Address().Matches(html).Select(link => Uri.UnescapeDataString(WebUtility.HtmlDecode(link.Groups[1].Value)));
        var words = WebUtility.HtmlDecode(Tag().Replace(InlineTag().Replace(html, ""), "\n"));
        return Of(string.Join('\n', addresses.Prepend(words)));
    }

    /// <summary>Compatibility forms (NFKC) without characters that show nothing; never fails, also where the text is no valid Unicode.</summary>
    public static string Of(string text)
    {
        var clean = TypedText.Clean(text);
        if (Ascii.IsValid(clean))
        {
            return clean;
        }

        var visible = new StringBuilder(clean.Length);
        foreach (var rune in clean.EnumerateRunes())
        {
            if (!IsIgnorable(rune.Value))
            {
                visible.Append(rune);
            }
        }

        return visible.ToString().Normalize(NormalizationForm.FormKC);
    }

    /// <summary>
    /// Default_Ignorable_Code_Point of the Unicode Character Database (DerivedCoreProperties.txt): programs that do not know them show nothing. And
    /// U+0085, which is no blank in HTML.
    /// </summary>
    private static bool IsIgnorable(int c) => c
        is 0x0085 or 0x00AD or 0x034F or 0x061C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F)
        or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0
        or (>= 0xFFF0 and <= 0xFFF8) or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);

    [GeneratedRegex("</?(?:a|em|strong|del|code|span)(?: [^>]*)?>")]
    private static partial Regex InlineTag();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(" href=\"([^\"]*)\"")]
    private static partial Regex Address();
}
