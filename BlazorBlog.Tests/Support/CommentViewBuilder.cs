using BlazorBlog.Comments;

namespace BlazorBlog.Support;

/// <summary>Comments as readers see them; a test states only what matters to it.</summary>
public static class CommentViewBuilder
{
    public static CommentView Comment(string author = "Ines", params CommentView[] replies) =>
        new(Guid.CreateVersion7(), author, ByPostAuthor: false, "<p>Hello.</p>", ReaderContext.Now.AddHours(-3), EditedAt: null, Removed: false, Depth: 0, InReplyTo: null, replies);

    public static ThreadView Thread(params CommentView[] roots) =>
        new(Guid.CreateVersion7(), Sequence: 1, Count: roots.Sum(Visible), roots);

    private static int Visible(CommentView comment) => (comment.Removed ? 0 : 1) + comment.Replies.Sum(Visible);
}
