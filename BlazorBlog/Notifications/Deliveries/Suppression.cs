namespace BlazorBlog.Notifications.Deliveries;

/// <summary>An address that gets nothing more on a channel.</summary>
public sealed class Suppression
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Normalised email address or E.164 number.</summary>
    public required string Address { get; init; }

    public required NoticeChannel Channel { get; init; }

    public required SuppressionReason Reason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
