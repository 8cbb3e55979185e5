using BlazorBlog.Hosting;
using Microsoft.AspNetCore.DataProtection;

namespace BlazorBlog.Comments;

/// <summary>Knows a guest again by a protected cookie that scripts cannot read.</summary>
public sealed class GuestCookie(IDataProtectionProvider protection)
{
    public const string Name = "blog_guest";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    private readonly IDataProtector _protector = protection.CreateProtector("BlazorBlog.Guest.v1");

    /// <returns>Null without the cookie, or when it was not written by this blog.</returns>
    public Guid? Read(HttpRequest request) => Guid.TryParse(_protector.TryUnprotect(request.Cookies[Name]), out var id) ? id : null;

    public void Write(HttpResponse response, Guid guestId) => response.Cookies.Append(Name, _protector.Protect(guestId.ToString()), new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        MaxAge = Lifetime,
        IsEssential = true,
    });
}
