using BlazorBlog.Notifications.Deliveries;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Notifications.Recipients;

/// <summary>An address that gets nothing more on a channel.</summary>
public sealed class Suppression
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Normalised email address or E.164 number.</summary>
    public required string Address { get; init; }

    public required NotificationChannel Channel { get; init; }

    public required SuppressionReason Reason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

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

internal sealed class SuppressionMapping : IEntityTypeConfiguration<Suppression>
{
    public void Configure(EntityTypeBuilder<Suppression> suppression)
    {
        suppression.Property(s => s.Id).ValueGeneratedNever();
        suppression.Property(s => s.Address).HasMaxLength(Delivery.MaxKeyLength);
        suppression.HasIndex(s => new { s.Address, s.Channel }).IsUnique();
    }
}
