namespace BlazorBlog.Notifications.Sms;

/// <summary>
/// How far a provider has come with a message. Reports arrive in any order and more than once: one that does not rank higher than what is
/// known says nothing new. <see cref="Delivered"/> and <see cref="Failed"/> are final and rank alike.
/// </summary>
public enum DeliveryReportStatus
{
    /// <summary>Taken by the provider, not yet handed to a carrier.</summary>
    Accepted,

    /// <summary>Handed to a carrier; the last word where the carrier gives no receipts.</summary>
    Sent,

    /// <summary>Arrived.</summary>
    Delivered,

    /// <summary>Will not arrive.</summary>
    Failed,
}
