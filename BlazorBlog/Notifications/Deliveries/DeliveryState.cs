namespace BlazorBlog.Notifications.Deliveries;

public enum DeliveryState
{
    /// <summary>To be sent, or being sent while its lease lives.</summary>
    Pending,

    /// <summary>The provider took it.</summary>
    Accepted,

    /// <summary>The provider reported that it reached the person.</summary>
    Delivered,

    /// <summary>The provider took it and reported later that it could not deliver.</summary>
    Undelivered,

    /// <summary>The provider said never.</summary>
    Failed,

    /// <summary>Still a temporary no when the channel's horizon was reached.</summary>
    Expired,

    /// <summary>Perhaps sent, and nobody can tell; never sent again.</summary>
    OutcomeUnknown,

    /// <summary>Deliberately not sent; the reason stands beside it.</summary>
    NotSent,
}
