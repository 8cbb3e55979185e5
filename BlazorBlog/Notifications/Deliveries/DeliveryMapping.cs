using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Notifications.Deliveries;

internal sealed class DeliveryMapping : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> delivery)
    {
        delivery.Property(d => d.Id).ValueGeneratedNever();
        delivery.Property(d => d.RecipientKey).HasMaxLength(Delivery.MaxKeyLength);
        delivery.Property(d => d.AskedAddress).HasMaxLength(EmailAddress.MaxLength);
        delivery.HasIndex(d => new { d.AskedAddress, d.CreatedAt }).HasFilter("\"AskedAddress\" IS NOT NULL");
        delivery.Property(d => d.ProviderId).HasMaxLength(Delivery.MaxProviderIdLength);
        delivery.Property(d => d.LastCode).HasMaxLength(Delivery.MaxCodeLength);
        delivery.Property(d => d.LastText).HasMaxLength(Delivery.MaxTextLength);
        delivery.Property(d => d.LeaseOwner).IsConcurrencyToken();
        delivery.Property(d => d.Fence).IsConcurrencyToken();
        delivery.Ignore(d => d.IsFinished);
        delivery.HasIndex(d => new { d.CommentId, d.Event, d.RecipientKey, d.Channel }).IsUnique();
        delivery.HasIndex(d => new { d.State, d.Channel, d.Priority, d.DueAt });
        delivery.HasIndex(d => d.ProviderId);
        delivery.HasIndex(d => new { d.RecipientKey, d.CreatedAt });
        delivery.HasOne<Comment>().WithMany().HasForeignKey(d => d.CommentId).OnDelete(DeleteBehavior.Restrict);
        delivery.HasMany(d => d.History).WithOne().HasForeignKey(a => a.DeliveryId).OnDelete(DeleteBehavior.Cascade);
    }
}
