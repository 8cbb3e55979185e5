using Markdig.Extensions.AutoLinks;
using Markdig.Helpers;
using Markdig.Parsers;

namespace BlazorBlog.Posts;

/// <summary>
/// Makes links of addresses that stand in the text as they are. Markdig ends one at ASCII punctuation alone: with a Korean or Japanese full stop
/// behind it the domain would be none, and the address no link.
/// </summary>
internal sealed class BareLinkParser() : AutoLinkParser(new AutoLinkOptions { ValidPreviousCharacters = "*_~(" + OpeningMarks })
{
    private const string OpeningMarks = "（［｛「『【〔〈《“‘«、。，．：；！？·…";

    /// <summary>Of sentences and brackets. Addresses hold the others too: "3·1", "A–B", "don’t".</summary>
    private const string EndingMarks = "。、，．！？：；…（）［］｛｝「」『』【】〔〕〈〉《》“”«»＜＞｜";

    private const string AsciiEndingMarks = ".,:;!?\"')*_~";

    /// <summary>In characters. Without a limit, many beginnings of addresses in a row would each be read to the end of the text.</summary>
    private const int MaxLength = 2_000;

    private static readonly string[] Beginnings = ["http://", "https://", "ftp://", "mailto:", "tel:", "www."];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        // Asked at every h, f, m, t and w: the end is looked for only where an address begins.
        var rest = slice.AsSpan();
        var beginning = 0;
        foreach (var known in Beginnings)
        {
            if (rest.StartsWith(known, StringComparison.Ordinal))
            {
                beginning = known.Length;
            }
        }

        if (beginning == 0 || Length(rest[..Math.Min(rest.Length, MaxLength)], beginning) is not (< MaxLength and var length))
        {
            return false;
        }

        var address = slice;
        address.End = slice.Start + length - 1;
        if (!base.Match(processor, ref address))
        {
            return false;
        }

        slice.Start = address.Start;
        return true;
    }

    private static int Length(ReadOnlySpan<char> text, int beginning)
    {
        var length = beginning;
        var isHost = true;
        while (length < text.Length && !(isHost ? EndsHost(text, length) : EndsAddress(text, length)))
        {
            isHost &= text[length] is not ('/' or '?' or '#');
            length++;
        }

        return length;
    }

    private static bool EndsAddress(ReadOnlySpan<char> text, int at)
    {
        var next = at + 1 < text.Length ? text[at + 1] : ' ';
        return char.IsWhiteSpace(text[at]) || EndingMarks.Contains(text[at])
            || (IsMark(text[at]) && (char.IsWhiteSpace(next) || IsMark(next) || AsciiEndingMarks.Contains(next)));
    }

    /// <summary>Korean particles follow a domain without a blank, as in "example.com에서"; "e한글.com" is a domain.</summary>
    private static bool EndsHost(ReadOnlySpan<char> text, int at)
    {
        if (char.IsWhiteSpace(text[at]) || IsMark(text[at]))
        {
            return true;
        }

        if (!IsHangul(text[at]) || !char.IsAsciiLetterOrDigit(text[at - 1]))
        {
            return false;
        }

        var end = at;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '-'))
        {
            end++;
        }

        return end + 1 >= text.Length || text[end] != '.' || !char.IsLetterOrDigit(text[end + 1]);
    }

    private static bool IsMark(char c) => !char.IsAscii(c) && (char.IsPunctuation(c) || c is '～' or '＜' or '＞' or '｜');

    private static bool IsHangul(char c) => c is (>= '\uAC00' and <= '\uD7A3') or (>= '\u1100' and <= '\u11FF');
}
