namespace BlazorBlog.Comments;

/// <summary>The thread under a post at one sequence number; immutable, shared by all readers of this node.</summary>
/// <param name="PostId">The post.</param>
/// <param name="Sequence">Number of the last change that is in it.</param>
/// <param name="Count">Visible comments, tombstones not counted.</param>
/// <param name="Roots">Top-level comments, oldest first.</param>
public sealed record ThreadView(Guid PostId, long Sequence, int Count, IReadOnlyList<CommentView> Roots)
{
    /// <returns>Null when the comment is not in the thread, or not visible.</returns>
    public CommentView? Find(Guid id) => Find(Roots, id);

    private static CommentView? Find(IReadOnlyList<CommentView> comments, Guid id)
    {
        foreach (var comment in comments)
        {
            if ((comment.Id == id ? comment : Find(comment.Replies, id)) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}

/// <summary>A comment as a reader sees it.</summary>
/// <param name="Id">Its permalink is <c>#comment-{Id}</c>.</param>
/// <param name="AuthorName">Name as typed; encode it.</param>
/// <param name="ByPostAuthor">Written by the author of the post.</param>
/// <param name="Html">Sanitised HTML of the Markdown body; empty when removed.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="EditedAt">UTC, when it was edited.</param>
/// <param name="Removed">A tombstone that keeps the place of its replies.</param>
/// <param name="Depth">From 0.</param>
/// <param name="InReplyTo">Set only where the reply stands deeper than the thread may nest, and so beside its parent instead of below.</param>
/// <param name="Replies">Oldest first.</param>
public sealed record CommentView(
    Guid Id,
    string AuthorName,
    bool ByPostAuthor,
    string Html,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EditedAt,
    bool Removed,
    int Depth,
    ReplyTarget? InReplyTo,
    IReadOnlyList<CommentView> Replies);

/// <summary>The comment that is answered.</summary>
public sealed record ReplyTarget(Guid Id, string AuthorName);

/// <summary>A guest as the form of the same browser shows them.</summary>
/// <param name="Name">Used last.</param>
/// <param name="Email">Used last.</param>
/// <param name="HeldComments">Their comments on the post in question that wait for approval.</param>
public sealed record GuestView(string Name, string? Email, int HeldComments);
