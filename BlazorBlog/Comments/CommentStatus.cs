namespace BlazorBlog.Comments;

public enum CommentStatus
{
    /// <summary>Waits for a moderator; only its author sees it.</summary>
    Pending,

    Approved,

    /// <summary>Taken out of sight by a moderator, who may show it again.</summary>
    Hidden,

    /// <summary>Out of sight, and known to be advertising.</summary>
    Spam,
}
