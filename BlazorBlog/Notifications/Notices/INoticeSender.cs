using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Notices;

/// <summary>Takes the deliveries of one channel and priority from their rows to the channel's transport.</summary>
public interface INoticeSender
{
    NoticeChannel Channel { get; }

    DeliveryPriority Priority { get; }

    /// <summary>Calls that may run at once.</summary>
    int Parallelism { get; }

    /// <summary>Notices that one call may carry.</summary>
    int NoticesPerCall { get; }

    /// <summary>
    /// Whether a repeat reaches the person as a second message, so that an unknown outcome has to be looked up first. A repeated mail has
    /// the same Message-ID, and mail programs fold the two.
    /// </summary>
    bool RepeatsAreSeen { get; }

    /// <summary>Age at which a notice is given up.</summary>
    TimeSpan Horizon { get; }

    /// <summary>Reads what deliveries say, just before they are sent.</summary>
    /// <returns>One reading per delivery.</returns>
    Task<IReadOnlyList<NoticeReading>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken);

    /// <returns>One result per notice, in the order given.</returns>
    Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellationToken);

    /// <summary>See <c>ISmsTransport.FindAsync</c>.</summary>
    Task<SendResult?> FindAsync(Notice notice, DateTimeOffset startedAt, CancellationToken cancellationToken);
}
