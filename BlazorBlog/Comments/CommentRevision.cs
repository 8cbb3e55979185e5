namespace BlazorBlog.Comments;

/// <summary>What a comment said before an edit; for moderators.</summary>
public sealed class CommentRevision
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid CommentId { get; init; }

    /// <summary>Markdown as typed.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset ReplacedAt { get; init; }
}
