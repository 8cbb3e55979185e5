using BlazorBlog.Hosting;

namespace BlazorBlog.Accounts;

/// <summary>
/// A person with an account. The columns carry the names and meanings of ASP.NET Core Identity's user, which takes this table over
/// when signing in arrives.
/// </summary>
public sealed class BlogUser
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string UserName { get; set; }

    public required string NormalizedUserName { get; set; }

    public required string DisplayName { get; set; }

    public string? Email { get; set; }

    public string? NormalizedEmail { get; set; }

    public bool EmailConfirmed { get; set; }

    /// <summary>E.164.</summary>
    public string? PhoneNumber { get; set; }

    public bool PhoneNumberConfirmed { get; set; }

    /// <summary>Language of notices; the site's when null.</summary>
    public SiteCulture? Culture { get; set; }

    /// <summary>IANA zone of notices; the site's when null.</summary>
    public string? TimeZone { get; set; }
}
