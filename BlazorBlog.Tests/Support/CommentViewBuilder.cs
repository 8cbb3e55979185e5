using BlazorBlog.Comments;
using BlazorBlog.Threads;

namespace BlazorBlog.Support;

/// <summary>Comments as readers see them; a test states only what matters to it.</summary>
internal static class CommentViewBuilder
{
    public static CommentView Comment(string author = "Ines", params CommentView[] replies) => new(
        Guid.CreateVersion7(),
        author,
        ByPostAuthor: false,
        "<p>Hello.</p>",
        ReaderContext.Now.AddHours(-3),
        EditedAt: null,
        Removed: false,
        Depth: 0,
        Answers: null,
        IsBesideParent: false,
        new ReactionCounts(),
        replies);

    public static ThreadView Thread(params CommentView[] roots)
    {
        var places = roots.SelectMany((root, index) => root.Branch().Select(comment => new ThreadPlace(comment, index))).ToDictionary(place => place.View.Id);
        return new ThreadView(
            new ThreadHead(Guid.CreateVersion7(), "a-post", ClosedAt: null, Sequence: 1, [], ArrivalsAfter: 1), roots, places, places.Values.Count(place => !place.View.Removed));
    }
}
