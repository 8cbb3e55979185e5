using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace BlazorBlog.Posts;

/// <summary>
/// Makes a link of an address with blanks in angle brackets. CommonMark has none there (6.5), and the part before the first blank would be a link
/// to somewhere else.
/// </summary>
internal sealed class SpacedLinkParser : InlineParser
{
    public SpacedLinkParser() => OpeningCharacters = ['<'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var rest = slice.AsSpan()[1..];
        if (!rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var length = rest.IndexOfAny('<', '>', '\n');
        if (length < 0 || rest[length] != '>' || !rest[..length].Contains(' '))
        {
            return false;
        }

        processor.Inline = new AutolinkInline(rest[..length].Trim().ToString().Replace(" ", "%20", StringComparison.Ordinal));
        slice.Start += length + 2;
        return true;
    }
}
