using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Notifications.Deliveries;

internal sealed class DeliveryAttemptMapping : IEntityTypeConfiguration<DeliveryAttempt>
{
    public void Configure(EntityTypeBuilder<DeliveryAttempt> attempt)
    {
        attempt.Property(a => a.Id).ValueGeneratedNever();
        attempt.Property(a => a.Code).HasMaxLength(Delivery.MaxCodeLength);
        attempt.Property(a => a.Text).HasMaxLength(Delivery.MaxTextLength);
    }
}
