namespace BlazorBlog.Notifications.Notices;

/// <summary>What a link in a notice is for; a token made for one purpose opens nothing else.</summary>
public enum NoticeLinkPurpose
{
    Manage,
    Unsubscribe,
    Confirm,
}
