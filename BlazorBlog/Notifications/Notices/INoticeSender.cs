using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Notices;

/// <summary>Renders notices of one channel and hands them to its transport.</summary>
public interface INoticeSender
{
    NoticeChannel Channel { get; }

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

    /// <returns>One result per notice, in the order given.</returns>
    Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellationToken);

    /// <summary>See <c>ISmsTransport.FindAsync</c>.</summary>
    Task<SendResult?> FindAsync(Notice notice, DateTimeOffset startedAt, CancellationToken cancellationToken);
}
