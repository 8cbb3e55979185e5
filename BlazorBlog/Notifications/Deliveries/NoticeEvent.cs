namespace BlazorBlog.Notifications.Deliveries;

/// <summary>What a notice is about.</summary>
public enum NoticeEvent
{
    CommentPublished,

    /// <summary>A guest is asked to confirm the address for replies.</summary>
    ConfirmAddress,

    /// <summary>Comments wait for a moderator; one notice tells of all that wait.</summary>
    CommentHeld,

    /// <summary>A code, a link or a change of the recipient's account.</summary>
    Account,
}
