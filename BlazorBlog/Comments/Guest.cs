using BlazorBlog.Accounts;
using BlazorBlog.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Comments;

/// <summary>
/// A reader who comments without an account. Identified by a protected cookie, never by a typed address: otherwise anyone could take over
/// a guest by typing their address.
/// </summary>
public sealed class Guest
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Name { get; set; }

    public string? Email { get; private set; }

    /// <summary>See <see cref="EmailAddress.Normalize"/>.</summary>
    public string? NormalizedEmail { get; private set; }

    public DateTimeOffset? EmailConfirmedAt { get; private set; }

    public SiteCulture? Culture { get; set; }

    public string? TimeZone { get; set; }

    /// <summary>The account this guest turned out to be.</summary>
    public Guid? UserId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Another address has to be confirmed anew; no address leaves the known one as it is.</summary>
    public void UseEmail(string? email)
    {
        if (string.IsNullOrWhiteSpace(email) || EmailAddress.Normalize(email) == NormalizedEmail)
        {
            return;
        }

        Email = email.Trim();
        NormalizedEmail = EmailAddress.Normalize(email);
        EmailConfirmedAt = null;
    }

    public void ConfirmEmail(DateTimeOffset now) => EmailConfirmedAt ??= now;
}

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
