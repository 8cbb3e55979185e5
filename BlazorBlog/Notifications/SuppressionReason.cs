namespace BlazorBlog.Notifications;

/// <summary>Why an address gets nothing more on a channel.</summary>
public enum SuppressionReason
{
    /// <summary>The provider says the address does not exist or cannot receive.</summary>
    Undeliverable,

    /// <summary>The person stopped the messages (link in the mail, STOP by SMS).</summary>
    OptedOut,

    /// <summary>The person reported a message as unwanted.</summary>
    Complaint,
}
