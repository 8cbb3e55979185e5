namespace BlazorBlog.Comments;

/// <summary>One reaction of one person to one comment: each kind at most once.</summary>
public sealed class CommentReaction
{
    public const int MaxPersonLength = 64;

    public required Guid CommentId { get; init; }

    /// <summary>A <see cref="Notifications.RecipientKey"/> of a user or guest.</summary>
    public required string Person { get; init; }

    public required Reaction Kind { get; init; }
}
