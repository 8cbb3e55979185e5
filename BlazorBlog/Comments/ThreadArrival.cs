namespace BlazorBlog.Comments;

/// <summary>A comment came into sight: added, approved or shown again.</summary>
/// <param name="Sequence">The thread's number.</param>
/// <param name="CommentId">The comment.</param>
/// <param name="AuthorName">Name as typed.</param>
public sealed record ThreadArrival(long Sequence, Guid CommentId, string AuthorName);
