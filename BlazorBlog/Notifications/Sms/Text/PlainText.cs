using System.Globalization;
using System.Text;

namespace BlazorBlog.Notifications.Sms.Text;

/// <summary>Replaces characters that an encoding of telephones lacks by what a reader takes them for.</summary>
public static class PlainText
{
    private const string Leading = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
    private const string Vowel = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
    private const string Trailing = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

    /// <summary>Runs of spaces, tabs and line breaks as one space, no other control characters: what a title must be inside a text.</summary>
    public static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => string.Concat(word.Where(c => !char.IsControl(c)))));

    /// <summary>Curly quotes, dashes, ellipsis, bullets and special spaces as ASCII; everything else stays.</summary>
    public static string OfPunctuation(string text) => string.Concat(text.Select(c => Punctuation(c) ?? c.ToString()));

    /// <summary>
    /// The text in characters that <paramref name="canEncode"/> takes: marks and accents in their plain form, a Hangul syllable the encoding
    /// lacks as its letters, pictures dropped, any other letter as <c>?</c>. Line breaks are kept as LF; other control characters go.
    /// </summary>
    public static string For(Func<Rune, bool> canEncode, string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            plain.Append(rune.Value == '\n' || (canEncode(rune) && !Rune.IsControl(rune)) ? rune.ToString() : Replacement(rune, canEncode));
        }

        return plain.ToString();
    }

    private static string Replacement(Rune rune, Func<Rune, bool> canEncode)
    {
        // Noncharacters such as U+FFFE cannot even be normalized.
        if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned)
        {
            return "";
        }

        if (Rune.IsControl(rune))
        {
            return rune.Value == '\t' ? " " : "";
        }

        if (rune.IsBmp && Punctuation((char)rune.Value) is { } mark)
        {
            return mark;
        }

        if (rune.Value is >= 0xAC00 and <= 0xD7A3)
        {
            return Letters(rune.Value - 0xAC00);
        }

        var decomposed = rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes().Where(part => Rune.GetUnicodeCategory(part) != UnicodeCategory.NonSpacingMark).ToList();
        if (decomposed.Count > 0 && decomposed.All(canEncode))
        {
            return string.Concat(decomposed);
        }

        return Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.CurrencySymbol ? "?" : "";
    }

    // Syllables are numbered leading x 21 x 28 + vowel x 28 + trailing (Unicode, 3.12).
    private static string Letters(int syllable) =>
        $"{Leading[syllable / (21 * 28)]}{Vowel[syllable / 28 % 21]}{(syllable % 28 == 0 ? "" : Trailing[(syllable % 28) - 1])}";

    private static string? Punctuation(char c) => c switch
    {
        '‘' or '’' or '‚' or '‛' or '′' or '`' or '´' => "'",
        '“' or '”' or '„' or '‟' or '″' or '«' or '»' => "\"",
        '‐' or '‑' or '‒' or '–' or '—' or '―' or '−' => "-",
        '…' => "...",
        '•' => "*",
        '〜' => "~",
        '₩' => "￦",
        _ when char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator => " ",
        _ => null,
    };
}
