using System.Text.RegularExpressions;

namespace BlazorBlog.Threads;

/// <summary>
/// The comments a page shows, to be answered in turn. A long thread is shown in part: an answer to what a reader sees is where the reader
/// sees it, and as long as no comment gets many of them, none is folded away.
/// </summary>
internal sealed partial class VisibleComments(string page)
{
    private readonly Guid[] _ids = [.. CommentId().Matches(page).Select(match => Guid.Parse(match.Groups[1].Value))];
    private int _next;

    public Guid Next() => _ids[_next++ % _ids.Length];

    [GeneratedRegex("<article\\b[^>]*\\bid=\"comment-([0-9a-f-]{36})\"")]
    private static partial Regex CommentId();
}
