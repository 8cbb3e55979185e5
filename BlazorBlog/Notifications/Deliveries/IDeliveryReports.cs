namespace BlazorBlog.Notifications.Deliveries;

/// <summary>Takes what the providers' webhooks say, once their origin is proved.</summary>
public interface IDeliveryReports
{
    /// <summary>Moves deliveries on, never backwards. Unknown ids are no error: an account may serve more than this blog.</summary>
    Task ApplyAsync(IReadOnlyList<DeliveryReport> reports, CancellationToken cancellationToken);

    /// <summary>The holder of the number asked for no more messages.</summary>
    /// <param name="phone">E.164.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    Task OptOutAsync(string phone, CancellationToken cancellationToken);

    /// <summary>The holder of the number takes an earlier stop back.</summary>
    /// <param name="phone">E.164.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    Task OptInAsync(string phone, CancellationToken cancellationToken);
}

/// <summary>What a provider says later about a message it took.</summary>
/// <param name="ProviderId">The provider's id of the message.</param>
/// <param name="DeliveryId">Our id, where it travelled with the message. A report can overtake the answer that told us the provider's id.</param>
/// <param name="Status">How far it came.</param>
/// <param name="Code">The provider's code: its error where it failed, else its word for the status.</param>
/// <param name="Text">The provider's words.</param>
public sealed record DeliveryReport(string? ProviderId, Guid? DeliveryId, DeliveryReportStatus Status, string? Code, string? Text)
{
    /// <summary>
    /// With <see cref="DeliveryReportStatus.Failed"/>: what the code means, in the classes of a send (may it be tried again, is the
    /// address to be suppressed, is the channel at fault).
    /// </summary>
    public SendResult? Failure { get; init; }
}

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
