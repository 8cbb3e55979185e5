using System.Text.Json;
using BlazorBlog.Accounts.External;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorBlog.Accounts;

/// <summary>What the account pages need beside themselves.</summary>
public static class AccountEndpoints
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        // A picture's address changes with the picture.
        app.MapGet("/avatars/{id:guid}", PictureAsync).AllowAnonymous();
        app.MapPost("/account/external/start", StartExternal).AllowAnonymous().WithMetadata(new RequireAntiforgeryTokenAttribute());
        app.MapPost("/account/passkeys/sign-in-options", SignInOptionsAsync).AllowAnonymous().WithMetadata(new RequireAntiforgeryTokenAttribute());
        app.MapPost("/account/passkeys/new-options", NewOptionsAsync).RequireAuthorization(Policies.SignedIn).WithMetadata(new RequireAntiforgeryTokenAttribute());
        app.MapGet("/account/data/download", DownloadAsync).RequireAuthorization(Policies.SignedIn);
        // Where password managers look (W3C, "A Well-Known URL for Changing Passwords").
        app.MapGet("/.well-known/change-password", () => TypedResults.LocalRedirect("/account/security")).AllowAnonymous();
        // Unknown addresses below /admin need the same policy as existing ones, so the answer does not reveal which exist.
        app.Map("/admin/{**rest}", () => TypedResults.NotFound()).RequireAuthorization(Policies.SeeAdmin);
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> PictureAsync(Guid id, HttpContext http, ProfileService profiles)
    {
        if (await profiles.FindPictureAsync(id, http.RequestAborted) is not { } picture)
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.File(picture, AvatarImage.ContentType);
    }

    private static async Task<Results<ChallengeHttpResult, NotFound>> StartExternal(HttpContext http, BlogSignInManager signIns, ExternalSettings external)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var provider = external.Configured.Select(entry => entry.Provider.Name).FirstOrDefault(name => name == form["Provider"]);
        if (provider is null)
        {
            return TypedResults.NotFound();
        }

        var properties = signIns.ConfigureExternalAuthenticationProperties(provider, LocalUrl.With("/account/external", form["ReturnUrl"]));
        return TypedResults.Challenge(properties, [provider]);
    }

    private static async Task<IResult> SignInOptionsAsync(HttpContext http, BlogSignInManager signIns, AccountRateLimiter limiter)
    {
        if (!limiter.TryGuess(http.Connection.RemoteIpAddress, out var retryAfter))
        {
            http.Response.SetRetryAfter(retryAfter);
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        return TypedResults.Text(await signIns.MakePasskeyRequestOptionsAsync(null), "application/json");
    }

    private static async Task<ContentHttpResult> NewOptionsAsync(HttpContext http, AccountSecurity security) =>
        TypedResults.Text(await security.BeginPasskeyAsync(http.User, http.RequestAborted), "application/json");

    private static async Task<FileContentHttpResult> DownloadAsync(HttpContext http, PersonalData data)
    {
        http.Response.Headers.CacheControl = "no-store";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(await data.ReadAsync(http.User, http.RequestAborted), Readable);
        return TypedResults.File(bytes, "application/json", "my-data.json");
    }
}
