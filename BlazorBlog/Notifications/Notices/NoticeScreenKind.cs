namespace BlazorBlog.Notifications.Notices;

/// <summary>What a page behind a mail's link shows.</summary>
public enum NoticeScreenKind
{
    Manage,
    Unsubscribe,
    Confirm,
    Confirmed,

    /// <summary>The link is damaged, or speaks for an address that is no longer used.</summary>
    Invalid,
}
