using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>One attempt, as the provider answered it.</summary>
public sealed class DeliveryAttempt
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid DeliveryId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required SendOutcome Outcome { get; init; }

    public string? Code { get; init; }

    public string? Text { get; init; }

    public static DeliveryAttempt Of(Delivery delivery, SendResult result, DateTimeOffset at) => new()
    {
        DeliveryId = delivery.Id,
        At = at,
        Outcome = result.Outcome,
        Code = Delivery.Cut(result.Code, Delivery.MaxCodeLength),
        Text = Delivery.Cut(result.Text, Delivery.MaxTextLength),
    };
}

internal sealed class DeliveryAttemptMapping : IEntityTypeConfiguration<DeliveryAttempt>
{
    public void Configure(EntityTypeBuilder<DeliveryAttempt> attempt)
    {
        attempt.Property(a => a.Id).ValueGeneratedNever();
        attempt.Property(a => a.Code).HasMaxLength(Delivery.MaxCodeLength);
        attempt.Property(a => a.Text).HasMaxLength(Delivery.MaxTextLength);
    }
}
