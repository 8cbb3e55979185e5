using System.Security.Claims;
using BlazorBlog.Accounts.Pages.Open;
using BlazorBlog.Components;
using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.StaticAssets;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>Ties the cookie of a sign-in to its row: written with it, checked against it on every request, gone with it.</summary>
internal sealed class SignInCookie(SignInSessions sessions) : CookieAuthenticationEvents
{
    public const string Name = "blog_signin";

    /// <summary>A long cookie is cut into numbered pieces behind this name.</summary>
    public static bool IsIn(HttpRequest request) => request.Cookies.ContainsKey(Name);

    public override async Task SigningIn(CookieSigningInContext context)
    {
        var http = context.HttpContext;
        var principal = context.Principal!;
        var identity = (ClaimsIdentity)principal.Identity!;
        var method = principal.Method() ?? principal.FindFirstValue(ClaimTypes.AuthenticationMethod) ?? SignInMethod.Password;
        // A cookie renewed for a user who is signed in keeps its session.
        var known = http.User.UserId() == principal.UserId() ? await sessions.FindSessionAsync(http.User, http.RequestAborted) : null;
        if (known is null)
        {
            identity.AddClaim(new(ClaimsPrincipalExtensions.SessionClaim, (await sessions.StartAsync(
                principal.UserId()!.Value, method, http.Request.Headers.UserAgent, http.RequestAborted)).ToString("N")));
        }
        else
        {
            identity.AddClaim(new(ClaimsPrincipalExtensions.SessionClaim, known.Id.ToString("N")));
            method = SignInMethod.IsStrong(known.Method) ? known.Method : method;
            if (method != known.Method)
            {
                await sessions.StrengthenAsync(known.Id, method, http.RequestAborted);
            }
        }

        if (principal.Method() != method)
        {
            identity.AddClaim(new(ClaimsPrincipalExtensions.MethodClaim, method));
        }
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        // Static files do not depend on the user, so the session is not looked up for them.
        if (http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            return;
        }

        var principal = context.Principal!;
        if (await sessions.FindAsync(principal, http.RequestAborted) is not { } account)
        {
            context.RejectPrincipal();
            await http.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        context.ReplacePrincipal(BlogClaimsFactory.Make(account, principal.SecurityStamp()!));
        await sessions.SeeAsync(account, http.RequestAborted);
    }

    public override async Task SigningOut(CookieSigningOutContext context)
    {
        var user = context.HttpContext.User;
        if (user.UserId() is { } userId && user.SessionId() is { } sessionId)
        {
            await sessions.EndAsync(userId, sessionId, context.HttpContext.RequestAborted);
        }
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context) =>
        AnswerAsync(context, StatusCodes.Status401Unauthorized, typeof(StaleForm));

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context) =>
        AnswerAsync(context, StatusCodes.Status403Forbidden, typeof(DeniedPage));

    /// <summary>A script or a form cannot use a redirect to the sign-in page; a form is answered with an explanation.</summary>
    private static Task AnswerAsync(RedirectContext<CookieAuthenticationOptions> context, int status, Type explanation)
    {
        if (context.Request.WantsJson())
        {
            context.Response.StatusCode = status;
        }
        else if (!HttpMethods.IsGet(context.Request.Method))
        {
            return PageResult.Result(status, explanation, new Dictionary<string, object>()).ExecuteAsync(context.HttpContext);
        }
        else
        {
            context.Response.Redirect(context.RedirectUri);
        }

        return Task.CompletedTask;
    }
}
