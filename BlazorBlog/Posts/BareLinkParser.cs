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

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var address = slice;
        var length = 0;
        while (length < slice.Length && !EndsAddress(slice.Text[slice.Start + length]))
        {
            length++;
        }

        address.End = slice.Start + length - 1;
        if (!base.Match(processor, ref address))
        {
            return false;
        }

        slice.Start = address.Start;
        return true;
    }

    private static bool EndsAddress(char c) => char.IsWhiteSpace(c) || (!char.IsAscii(c) && (char.IsPunctuation(c) || c is '～' or '＜' or '＞' or '｜'));
}
