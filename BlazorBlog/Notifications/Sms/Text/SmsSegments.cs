using System.Collections.Frozen;
using System.Globalization;

namespace BlazorBlog.Notifications.Sms.Text;

/// <summary>
/// Counts the messages a text is billed as in GSM-7 and UCS-2 (3GPP TS 23.038 and 23.040): a part holds 140 octets, of which six are
/// spent on the header as soon as there is more than one.
/// </summary>
public static class SmsSegments
{
    private const int GsmSingle = 160, GsmPart = 153, UcsSingle = 70, UcsPart = 67;

    private static readonly FrozenSet<char> Basic =
        ("\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
        + "¡£¤¥§¿ÄÅÆÉÑÖØÜßàäåæÇèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ").ToFrozenSet();

    private static readonly FrozenSet<char> Extension = "\f[\\]^{|}~€".ToFrozenSet();

    public static bool IsGsm(string text) => text.All(c => Basic.Contains(c) || Extension.Contains(c));

    /// <summary>One character outside GSM-7 turns the whole message into UCS-2.</summary>
    public static SmsSize Measure(string text) =>
        IsGsm(text)
            ? Measure("GSM-7", text.Select(c => Extension.Contains(c) ? 2 : 1), GsmSingle, GsmPart)
            : Measure("UCS-2", Graphemes(text), UcsSingle, UcsPart);

    /// <summary>
    /// Typographic marks become plain ones when that alone lets the text travel as GSM-7. Then the title is shortened to what the fewest
    /// segments that the rest needs have left for it.
    /// </summary>
    public static string Fit(SmsText text)
    {
        text = text with { Title = PlainText.OneLine(text.Title) };
        var plain = text with
        {
            Before = PlainText.OfPunctuation(text.Before),
            Title = PlainText.OfPunctuation(text.Title),
            After = PlainText.OfPunctuation(text.After),
        };
        return IsGsm(plain.ToString())
            ? SmsTextTruncator.Shorten(plain, "...", whole => Measure(whole).Segments)
            : SmsTextTruncator.Shorten(text, "…", whole => MeasureAsUcs(whole).Segments);
    }

    // With the title cut, what is left may be GSM-7 again; the title must still be counted against the encoding that it needs.
    private static SmsSize MeasureAsUcs(string text) => Measure("UCS-2", Graphemes(text), UcsSingle, UcsPart);

    private static SmsSize Measure(string encoding, IEnumerable<int> units, int single, int part)
    {
        int length = 0, segments = 0, used = part;
        foreach (var unit in units)
        {
            length += unit;
            // What does not fit moves to the next part whole and leaves a hole; only what is longer than a part must be broken.
            for (var rest = unit; rest > 0; rest -= part)
            {
                var piece = Math.Min(rest, part);
                if (used + piece > part)
                {
                    segments++;
                    used = 0;
                }

                used += piece;
            }
        }

        return new SmsSize(encoding, length, length <= single ? Math.Min(length, 1) : segments);
    }

    private static IEnumerable<int> Graphemes(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            yield return length;
            at += length;
        }
    }
}
