using BlazorBlog.Comments;

namespace BlazorBlog.Threads;

/// <summary>One comment as the change feed of its thread tells it.</summary>
/// <param name="Id">Its permalink is <c>#comment-{Id}</c>.</param>
/// <param name="ParentId">The comment it answers.</param>
/// <param name="Sequence">The thread's number of its last visible change.</param>
/// <param name="AuthorName">Name as typed.</param>
/// <param name="ByPostAuthor">Written by the author of the post.</param>
/// <param name="Html">Sanitised HTML of the Markdown body.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="EditedAt">UTC, when it was edited.</param>
/// <param name="Removed">Taken back; a tombstone keeps its place.</param>
/// <param name="Approved">Whether readers may see it at all.</param>
/// <param name="Reactions">How many people gave each.</param>
public sealed record CommentRecord(
    Guid Id,
    Guid? ParentId,
    long Sequence,
    string AuthorName,
    bool ByPostAuthor,
    string Html,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EditedAt,
    bool Removed,
    bool Approved,
    ReactionCounts Reactions)
{
    public bool IsVisible => Approved && !Removed;

    /// <summary>The picture of the account that wrote it.</summary>
    public Guid? Picture { get; init; }
}
