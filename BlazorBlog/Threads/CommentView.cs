using BlazorBlog.Comments;

namespace BlazorBlog.Threads;

/// <summary>A comment as a reader sees it.</summary>
/// <param name="Id">Its permalink is <c>#comment-{Id}</c>.</param>
/// <param name="AuthorName">Name as typed; encode it. Empty for a tombstone.</param>
/// <param name="ByPostAuthor">Written by the author of the post.</param>
/// <param name="Html">Sanitised HTML of the Markdown body; empty for a tombstone.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="EditedAt">UTC, when it was edited.</param>
/// <param name="Removed">A tombstone that keeps the place of its replies.</param>
/// <param name="Depth">From 0.</param>
/// <param name="Answers">The comment answered; null at the top, and when that one is a tombstone.</param>
/// <param name="IsBesideParent">It stands deeper than the thread may nest, and so beside its parent instead of below.</param>
/// <param name="Reactions">How many people gave each.</param>
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
    ReplyTarget? Answers,
    bool IsBesideParent,
    ReactionCounts Reactions,
    IReadOnlyList<CommentView> Replies)
{
    /// <summary>Comments in this branch, itself and tombstones included.</summary>
    public int Size { get; } = 1 + Replies.Sum(reply => reply.Size);

    /// <summary>Of the account that wrote it, if it has one.</summary>
    public Guid? Picture { get; init; }

    /// <summary>The finished markup, shared by every reader of the node; made when it is first shown.</summary>
    internal CommentMarkup? Markup { get; set; }

    /// <summary>Whether the same markup shows both.</summary>
    internal bool LooksLike(CommentView other) =>
        Id == other.Id && AuthorName == other.AuthorName && ByPostAuthor == other.ByPostAuthor && ReferenceEquals(Html, other.Html)
        && CreatedAt == other.CreatedAt && EditedAt == other.EditedAt && Removed == other.Removed && Depth == other.Depth
        && Answers == other.Answers && IsBesideParent == other.IsBesideParent && Reactions == other.Reactions && Picture == other.Picture;

    /// <summary>This comment and all below it, in reading order.</summary>
    public IEnumerable<CommentView> Branch() => Replies.SelectMany(reply => reply.Branch()).Prepend(this);
}

/// <summary>The comment that is answered.</summary>
public sealed record ReplyTarget(Guid Id, string AuthorName);

/// <summary>A guest as the form of the same browser shows them.</summary>
/// <param name="Name">Used last.</param>
/// <param name="Email">Used last.</param>
/// <param name="Waiting">Their comments on the post in question that wait for approval, oldest first.</param>
/// <param name="JustPosted">Their newest visible comment there, while it is so new that they want to see it.</param>
public sealed record GuestView(string Name, string? Email, IReadOnlyList<PendingComment> Waiting, Guid? JustPosted)
{
    /// <summary>The newest of their comments there whose replies reach them only once they confirm their address: whether readers see it yet.</summary>
    public CommentStatus? AwaitsConfirmation { get; init; }
}

/// <summary>A comment that only its author sees, until it is approved.</summary>
/// <param name="Id">The comment.</param>
/// <param name="Html">Sanitised HTML of the Markdown body.</param>
public sealed record PendingComment(Guid Id, string Html);
