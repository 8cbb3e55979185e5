namespace BlazorBlog.Comments;

public enum CommentStatus
{
    /// <summary>Waits for a moderator; readers do not see it and nobody is told.</summary>
    Pending,

    Approved,
}
