namespace BlazorBlog.Comments;

/// <summary>One comment as read for its thread, in order of creation.</summary>
public sealed record ThreadRow(
    Guid Id,
    Guid? ParentId,
    string AuthorName,
    bool ByPostAuthor,
    string Html,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EditedAt,
    bool Removed);
