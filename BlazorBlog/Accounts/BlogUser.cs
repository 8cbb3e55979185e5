using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Comments;
using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Identity;

namespace BlazorBlog.Accounts;

/// <summary>A person with an account, as ASP.NET Core Identity keeps it. It exists only once its address is confirmed.</summary>
public sealed class BlogUser : IdentityUser<Guid>
{
    /// <summary>In characters; the name stands beside every comment.</summary>
    public const int MaxNameLength = Comment.MaxNameLength;

    public const int MaxZoneLength = 64;

    public BlogUser()
    {
        Id = Guid.CreateVersion7();
        // Identity needs a user name, but it is never typed: users sign in with their address, which may change.
        UserName = Id.ToString("N");
        NormalizedUserName = UserName.ToUpperInvariant();
        SecurityStamp = Guid.NewGuid().ToString("N");
        LockoutEnabled = true;
    }

    public required string DisplayName { get; set; }

    /// <summary>Language of mail and messages; the site's when null.</summary>
    public SiteCulture? Culture { get; set; }

    /// <summary>IANA zone of times in mail and messages; the site's when null.</summary>
    public string? TimeZone { get; set; }

    /// <summary>The picture now in use, see <see cref="Avatar"/>; initials are drawn when null.</summary>
    public Guid? AvatarId { get; set; }

    /// <summary>UTC; null for accounts made before this was written down.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The authenticator's codes used last, none of which opens anything a second time (RFC 6238, 5.2).</summary>
    public string? LastTwoFactorCodes { get; set; }
}
