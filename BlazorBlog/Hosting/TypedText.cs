using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BlazorBlog.Hosting;

/// <summary>Text from outside, whichever way it came in: a form, JSON, another site's profile.</summary>
public static class TypedText
{
    /// <summary>What may have to go, and surrogates, of which only the pair says what it is.</summary>
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => char.IsSurrogate(c) || IsRefused(new Rune(c)))]);

    /// <summary>
    /// Text that every part of the program can take. Noncharacters (Unicode, 23.7) and control characters go: .NET normalizes no text with
    /// U+FFFE, and PostgreSQL stores none with U+0000. Lone surrogates become U+FFFD. Tabs and line breaks stay.
    /// </summary>
    public static string Clean(string text)
    {
        // Nearly every text ends here, which costs a twentieth of looking at it rune by rune.
        if (!text.AsSpan().ContainsAny(Suspects))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes().Where(rune => !IsRefused(rune)))
        {
            clean.Append(rune);
        }

        return clean.ToString();
    }

    /// <returns>The text of a JSON string; null for one with a lone surrogate, which only an escape can write.</returns>
    public static string? Of(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether a reader would see anything: a character that is neither blank nor invisible. Marks alone do not count, for they have nothing to
    /// stand on.
    /// </summary>
    public static bool IsSeen(string text) => text.EnumerateRunes().Any(IsSeen);

    private static bool IsRefused(Rune rune) =>
        (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF || (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r' or '\f' or 0x85));

    private static bool IsSeen(Rune rune) => !IsRefused(rune) && !IsDrawnBlank(rune.Value) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);

    /// <summary>
    /// Letters and symbols that are drawn as nothing: Hangul fillers, the empty braille pattern, the null note head, the blank hieroglyphs, and what is set aside to be
    /// ignored, assigned or not (DerivedCoreProperties, Default_Ignorable_Code_Point).
    /// </summary>
    private static bool IsDrawnBlank(int character) => character is
        0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0x1D159 or 0x13441 or 0x13442 or 0x2065 or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF);
}
