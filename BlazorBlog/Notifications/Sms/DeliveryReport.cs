namespace BlazorBlog.Notifications.Sms;

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
