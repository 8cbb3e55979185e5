using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Notifications.Deliveries;

internal sealed class SuppressionMapping : IEntityTypeConfiguration<Suppression>
{
    public void Configure(EntityTypeBuilder<Suppression> suppression)
    {
        suppression.Property(s => s.Id).ValueGeneratedNever();
        suppression.Property(s => s.Address).HasMaxLength(Delivery.MaxKeyLength);
        suppression.HasIndex(s => new { s.Address, s.Channel }).IsUnique();
    }
}
