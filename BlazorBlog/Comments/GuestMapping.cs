using BlazorBlog.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Comments;

internal sealed class GuestMapping : IEntityTypeConfiguration<Guest>
{
    public void Configure(EntityTypeBuilder<Guest> guest)
    {
        guest.Property(g => g.Id).ValueGeneratedNever();
        guest.Property(g => g.Name).HasMaxLength(Comment.MaxNameLength);
        guest.Property(g => g.Email).HasMaxLength(EmailAddress.MaxLength);
        guest.Property(g => g.NormalizedEmail).HasMaxLength(EmailAddress.MaxLength);
        guest.Property(g => g.TimeZone).HasMaxLength(64);
        guest.HasIndex(g => g.NormalizedEmail).HasFilter("\"NormalizedEmail\" IS NOT NULL");
        guest.HasIndex(g => g.UserId).HasFilter("\"UserId\" IS NOT NULL");
        guest.HasOne<BlogUser>().WithMany().HasForeignKey(g => g.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
