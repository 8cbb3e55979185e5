using BlazorBlog.Accounts.Profiles;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Accounts;

internal sealed class BlogUserMapping : IEntityTypeConfiguration<BlogUser>
{
    public void Configure(EntityTypeBuilder<BlogUser> user)
    {
        // No lengths for what people never type: on SQLite each would be a constraint, and adding one means building the table anew.
        user.ToTable("Users");
        user.Property(u => u.Id).ValueGeneratedNever();
        user.Property(u => u.UserName).HasMaxLength(256).IsRequired();
        user.Property(u => u.NormalizedUserName).HasMaxLength(256).IsRequired();
        user.Property(u => u.DisplayName).HasMaxLength(BlogUser.MaxNameLength);
        user.Property(u => u.Email).HasMaxLength(256);
        user.Property(u => u.NormalizedEmail).HasMaxLength(256);
        user.Property(u => u.ConcurrencyStamp).IsConcurrencyToken();
        user.Property(u => u.PhoneNumber).HasMaxLength(16);
        user.Property(u => u.TimeZone).HasMaxLength(BlogUser.MaxZoneLength);
        user.HasIndex(u => u.NormalizedUserName).IsUnique();
        user.HasIndex(u => u.NormalizedEmail).IsUnique().HasFilter("\"NormalizedEmail\" IS NOT NULL");
    }
}

internal sealed class AvatarMapping : IEntityTypeConfiguration<Avatar>
{
    public void Configure(EntityTypeBuilder<Avatar> avatar)
    {
        avatar.Property(a => a.Id).ValueGeneratedNever();
        avatar.HasIndex(a => a.UserId);
        avatar.HasOne<BlogUser>().WithMany().HasForeignKey(a => a.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>The roles there are. They are part of the schema, so that every node and every database knows the same ones.</summary>
internal sealed class RoleMapping : IEntityTypeConfiguration<IdentityRole<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityRole<Guid>> role)
    {
        role.ToTable("Roles");
        role.Property(r => r.Id).ValueGeneratedNever();
        role.Property(r => r.Name).HasMaxLength(64);
        role.Property(r => r.NormalizedName).HasMaxLength(64);
        role.Property(r => r.ConcurrencyStamp).HasMaxLength(64).IsConcurrencyToken();
        role.HasIndex(r => r.NormalizedName).IsUnique().HasFilter("\"NormalizedName\" IS NOT NULL");
        role.HasData(Roles.All.Select(name => new IdentityRole<Guid>(name)
        {
            Id = Roles.IdOf(name),
            NormalizedName = name.ToUpperInvariant(),
            ConcurrencyStamp = Roles.IdOf(name).ToString("N"),
        }));
    }
}

internal sealed class UserRoleMapping : IEntityTypeConfiguration<IdentityUserRole<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserRole<Guid>> role)
    {
        role.ToTable("UserRoles");
        role.HasKey(r => new { r.UserId, r.RoleId });
        role.HasIndex(r => r.RoleId);
        role.HasOne<BlogUser>().WithMany().HasForeignKey(r => r.UserId).OnDelete(DeleteBehavior.Cascade);
        role.HasOne<IdentityRole<Guid>>().WithMany().HasForeignKey(r => r.RoleId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class UserLoginMapping : IEntityTypeConfiguration<IdentityUserLogin<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> login)
    {
        login.ToTable("UserLogins");
        login.HasKey(l => new { l.LoginProvider, l.ProviderKey });
        login.Property(l => l.LoginProvider).HasMaxLength(64);
        login.Property(l => l.ProviderKey).HasMaxLength(128);
        login.Property(l => l.ProviderDisplayName).HasMaxLength(256);
        login.HasIndex(l => l.UserId);
        login.HasOne<BlogUser>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class UserTokenMapping : IEntityTypeConfiguration<IdentityUserToken<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> token)
    {
        token.ToTable("UserTokens");
        token.HasKey(t => new { t.UserId, t.LoginProvider, t.Name });
        token.Property(t => t.LoginProvider).HasMaxLength(64);
        token.Property(t => t.Name).HasMaxLength(64);
        token.HasOne<BlogUser>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class UserPasskeyMapping : IEntityTypeConfiguration<IdentityUserPasskey<Guid>>
{
    /// <summary>In bytes: the longest credential id an authenticator may make (Web Authentication Level 3, 4, "Credential ID").</summary>
    private const int MaxCredentialId = 1023;

    public void Configure(EntityTypeBuilder<IdentityUserPasskey<Guid>> passkey)
    {
        passkey.ToTable("UserPasskeys");
        passkey.HasKey(p => p.CredentialId);
        passkey.Property(p => p.CredentialId).HasMaxLength(MaxCredentialId);
        passkey.HasIndex(p => p.UserId);
        passkey.OwnsOne(p => p.Data, data => data.ToJson());
        passkey.HasOne<BlogUser>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
