using BlazorBlog.Hosting;
using Microsoft.AspNetCore.DataProtection;

namespace BlazorBlog.Accounts.Mail;

/// <summary>Ties a mailed code to the browser that asked for it: typed into any other one, it opens nothing.</summary>
internal sealed class VerificationCookie(IDataProtectionProvider protection)
{
    public const string Name = "blog_challenge";

    private readonly IDataProtector _protector = protection.CreateProtector("BlazorBlog.Account.Challenge.v1");

    public Guid? Read(HttpRequest request) => Guid.TryParseExact(_protector.TryUnprotect(request.Cookies[Name]), "N", out var id) ? id : null;

    public void Write(HttpResponse response, Guid challengeId) => response.Cookies.Append(Name, _protector.Protect(challengeId.ToString("N")), Options(EmailVerifications.Lifetime));

    public static void Clear(HttpResponse response) => response.Cookies.Delete(Name, Options(null));

    private static CookieOptions Options(TimeSpan? age) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/account",
        MaxAge = age,
        IsEssential = true,
    };
}
