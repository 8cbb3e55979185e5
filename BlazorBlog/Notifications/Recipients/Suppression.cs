using BlazorBlog.Notifications.Deliveries;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Notifications.Recipients;

/// <summary>
/// An address that gets nothing more on a channel, for one reason. An address with several reasons has several rows, so that taking one back
/// leaves the others as they are.
/// </summary>
public sealed class Suppression
{
    /// <summary>
    /// After this an address that could not receive is tried again. Servers also answer "no such user" while they are moved or their directory is
    /// away, and a mailbox or number may be given out anew; for one that stays dead it means four refused attempts a year.
    /// </summary>
    public static readonly TimeSpan UndeliverableLifetime = TimeSpan.FromDays(90);

    private Suppression()
    {
    }

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    /// <summary>Normalised email address or E.164 number.</summary>
    public required string Address { get; init; }

    public required NotificationChannel Channel { get; init; }

    public required SuppressionReason Reason { get; init; }

    /// <summary>When it was first written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>It counts until then; null is for good.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    public static Suppression Of(string address, NotificationChannel channel, SuppressionReason reason, DateTimeOffset now) => new()
    {
        Address = address,
        Channel = channel,
        Reason = reason,
        CreatedAt = now,
        ExpiresAt = reason == SuppressionReason.Undeliverable ? now + UndeliverableLifetime : null,
    };

    /// <summary>It happened again.</summary>
    public void Renew(Suppression again) => ExpiresAt = again.ExpiresAt;
}

/// <summary>Why an address gets nothing more on a channel; a higher value takes precedence, as what a person said counts before what a server said.</summary>
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
        suppression.HasIndex(s => new { s.Address, s.Channel, s.Reason }).IsUnique();
    }
}
