namespace BlazorBlog.Notifications.Deliveries;

/// <summary>Deliveries of one priority queue behind each other only, so that nobody who waits for a code waits for a thread's followers.</summary>
public enum DeliveryPriority
{
    Normal,

    /// <summary>Mail about an account.</summary>
    Account,
}
