namespace BlazorBlog.Comments;

/// <summary>Makes the tree that readers see out of flat rows.</summary>
public static class ThreadBuilder
{
    /// <param name="postId">The post.</param>
    /// <param name="sequence">The thread's number at which the rows were read.</param>
    /// <param name="rows">Visible and removed comments, oldest first; a parent stands before its replies.</param>
    /// <param name="maxDepth">Deepest level; a reply to a comment there stands beside it and names it.</param>
    public static ThreadView Build(Guid postId, long sequence, IReadOnlyList<ThreadRow> rows, int maxDepth)
    {
        var places = new Dictionary<Guid, Place>(rows.Count);
        var roots = new List<Place>();
        foreach (var row in rows)
        {
            // A parent that waits for approval again hides nothing below it: its replies move to the top.
            var parent = row.ParentId is { } id ? places.GetValueOrDefault(id) : null;
            var above = parent is not null && parent.Depth >= maxDepth ? parent.Above : parent;
            var place = new Place(row, above, (above?.Depth + 1) ?? 0, parent is not null && parent != above ? parent.Row : null);
            places.Add(row.Id, place);
            (above?.Replies ?? roots).Add(place);
        }

        return new ThreadView(postId, sequence, rows.Count(row => !row.Removed), [.. roots.Select(View)]);
    }

    private static CommentView View(Place place)
    {
        var row = place.Row;
        return new CommentView(
            row.Id,
            row.Removed ? "" : row.AuthorName,
            !row.Removed && row.ByPostAuthor,
            row.Removed ? "" : row.Html,
            row.CreatedAt,
            row.EditedAt,
            row.Removed,
            place.Depth,
            place.InReplyTo is { Removed: false } target ? new ReplyTarget(target.Id, target.AuthorName) : null,
            [.. place.Replies.Select(View)]);
    }

    private sealed record Place(ThreadRow Row, Place? Above, int Depth, ThreadRow? InReplyTo)
    {
        public List<Place> Replies { get; } = [];
    }
}
