namespace BlazorBlog.Notifications.Deliveries;

/// <summary>Takes the deliveries of one channel and priority from their rows to the channel's transport.</summary>
public interface INotificationSender
{
    NotificationChannel Channel { get; }

    DeliveryPriority Priority { get; }

    /// <summary>Calls that may run at once.</summary>
    int Parallelism { get; }

    /// <summary>Notices that one call may carry.</summary>
    int NoticesPerCall { get; }

    /// <summary>
    /// Whether a repeat reaches the person as a second message, so that an unknown outcome has to be looked up first. A repeated mail has
    /// the same Message-ID, and mail programs fold the two.
    /// </summary>
    bool RequiresDeduplication { get; }

    /// <summary>Age at which a notice is given up.</summary>
    TimeSpan ExpiresAfter { get; }

    /// <summary>After this long a call is cut off. Longer than the transport's own limits, whose results say more.</summary>
    TimeSpan CallTimeout { get; }

    /// <summary>Reads what deliveries say, just before they are sent.</summary>
    /// <returns>One reading per delivery.</returns>
    Task<IReadOnlyList<LoadedNotification>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Renders a notice. Separate from handing it over, so that one which cannot be rendered was certainly not sent.</summary>
    Task<OutgoingMessage> ComposeAsync(Notification notice);

    /// <param name="messages">Composed by this sender.</param>
    /// <param name="cancellationToken">Cuts the call off.</param>
    /// <returns>One result per message, in the order given.</returns>
    Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken);

    /// <summary>See <c>ISmsTransport.FindAsync</c>.</summary>
    Task<SendResult?> FindAsync(OutgoingMessage message, DateTimeOffset startedAt, CancellationToken cancellationToken);
}

/// <summary>What a channel's transport takes.</summary>
public abstract record OutgoingMessage;
