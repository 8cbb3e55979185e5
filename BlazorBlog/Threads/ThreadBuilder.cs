namespace BlazorBlog.Threads;

/// <summary>Makes the tree that readers see out of flat rows.</summary>
internal static class ThreadBuilder
{
    /// <param name="head">The thread.</param>
    /// <param name="rows">All its comments, oldest first; a parent stands before its replies.</param>
    /// <param name="maxDepth">Deepest level; a reply to a comment there stands beside it and names it.</param>
    /// <param name="before">The tree before the last changes: what looks the same keeps its markup.</param>
    public static ThreadView Build(ThreadHead head, IEnumerable<CommentRecord> rows, int maxDepth, ThreadView? before = null)
    {
        var known = new Dictionary<Guid, Place>();
        var roots = new List<Place>();
        var count = 0;
        foreach (var row in rows)
        {
            var parent = row.ParentId is { } id ? known.GetValueOrDefault(id) : null;
            if (parent is null && row.ParentId is not null)
            {
                // The parent changed while the rows were read, and comes with the next ones. At the top the reply would jump.
                continue;
            }

            var above = parent is not null && parent.Depth >= maxDepth ? parent.Above : parent;
            var place = new Place(row, parent, above, (above?.Depth + 1) ?? 0);
            known.Add(row.Id, place);
            for (var answered = row.IsVisible ? parent : null; answered is { IsAnswered: false }; answered = answered.Parent)
            {
                answered.IsAnswered = true;
            }

            (above?.Replies ?? roots).Add(place);
            count += row.IsVisible ? 1 : 0;
        }

        var places = new Dictionary<Guid, ThreadPlace>(known.Count);
        var views = new List<CommentView>(roots.Count);
        foreach (var root in roots)
        {
            if (View(root, views.Count, places, before) is { } view)
            {
                views.Add(view);
            }
        }

        return new ThreadView(head, views, places, count);
    }

    /// <returns>Null for a comment that is not visible and that nobody answers: it leaves no tombstone.</returns>
    private static CommentView? View(Place place, int rootIndex, Dictionary<Guid, ThreadPlace> places, ThreadView? before)
    {
        var row = place.Row;
        List<CommentView> replies = [];
        foreach (var reply in place.Replies)
        {
            if (View(reply, rootIndex, places, before) is { } below)
            {
                replies.Add(below);
            }
        }

        if (!row.IsVisible && !place.IsAnswered)
        {
            return null;
        }

        var parent = place.Parent?.Row;
        var view = new CommentView(
            row.Id,
            row.IsVisible ? row.AuthorName : "",
            row.IsVisible && row.ByPostAuthor,
            row.IsVisible ? row.Html : "",
            row.CreatedAt,
            row.EditedAt,
            !row.IsVisible,
            place.Depth,
            parent is { IsVisible: true } ? new ReplyTarget(parent.Id, parent.AuthorName) : null,
            place.Parent is not null && place.Parent != place.Above,
            row.Reactions,
            replies)
        {
            Picture = row.IsVisible ? row.Picture : null,
        };
        if (before?.Find(row.Id) is { } same && same.LooksLike(view))
        {
            view.Markup = same.Markup;
        }

        places.Add(row.Id, new ThreadPlace(view, rootIndex));
        return view;
    }

    private sealed class Place(CommentRecord row, Place? parent, Place? above, int depth)
    {
        public CommentRecord Row => row;

        public Place? Parent => parent;

        /// <summary>Whose replies it is shown among.</summary>
        public Place? Above => above;

        public int Depth => depth;

        /// <summary>By a comment that is visible, or by one that is answered itself; it may stand beside this one.</summary>
        public bool IsAnswered { get; set; }

        public List<Place> Replies { get; } = [];
    }
}
