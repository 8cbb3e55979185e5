using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Identity;

namespace BlazorBlog.Accounts.External;

internal static class ExternalSetup
{
    /// <summary>Says that the provider has confirmed the address.</summary>
    public const string EmailVerified = "email_verified";

    private const string Failed = "/account/login?failed=external";

    public static void AddExternalSignIn(this WebApplicationBuilder builder, AuthenticationBuilder authentication)
    {
        var settings = builder.AddSettings<ExternalSettings>("SignIn");
        foreach (var (provider, client) in settings.Configured)
        {
            authentication.AddOAuth(provider.Name, provider.DisplayName, options => Configure(options, provider, client));
        }
    }

    private static void Configure(OAuthOptions options, ExternalProvider provider, ExternalClient client)
    {
        options.SignInScheme = IdentityConstants.ExternalScheme;
        options.ClientId = client.ClientId!;
        // The handler insists on one; Kakao ignores it where none is set.
        options.ClientSecret = client.ClientSecret ?? client.ClientId!;
        options.AuthorizationEndpoint = At(provider.AuthorizationUrl, client);
        options.TokenEndpoint = At(provider.TokenUrl, client);
        options.UserInformationEndpoint = At(provider.UserUrl, client);
        options.CallbackPath = $"/account/external/callback/{provider.Name.ToLowerInvariant()}";
        options.UsePkce = true;
        // The way back is a navigation, with which browsers send lax cookies.
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Scope.Clear();
        foreach (var scope in provider.Scopes)
        {
            options.Scope.Add(scope);
        }

        options.Events.OnCreatingTicket = context => ReadPersonAsync(context, provider, client);
        options.Events.OnRemoteFailure = GiveUp;
        options.Events.OnAccessDenied = GiveUp;
    }

    private static Task GiveUp(HandleRequestContext<RemoteAuthenticationOptions> context)
    {
        context.Response.Redirect(Failed);
        context.HandleResponse();
        return Task.CompletedTask;
    }

    private static async Task ReadPersonAsync(OAuthCreatingTicketContext context, ExternalProvider provider, ExternalClient client)
    {
        using var user = await GetAsync(context, context.Options.UserInformationEndpoint);
        var person = provider.Read(user.RootElement);
        if (provider.EmailsUrl is { } url)
        {
            using var emails = await GetAsync(context, At(url, client));
            var email = ExternalProvider.ReadVerifiedEmail(emails.RootElement);
            person = person with { Email = email, EmailVerified = email is not null };
        }

        if (person.Id is null)
        {
            throw new AuthenticationFailureException($"{provider.Name} did not say who it is.");
        }

        context.Identity!.AddClaim(new(ClaimTypes.NameIdentifier, person.Id));
        context.Identity.AddClaim(new(ClaimTypes.Name, person.Name ?? ""));
        if (person.Email is { } address)
        {
            context.Identity.AddClaim(new(ClaimTypes.Email, address));
            context.Identity.AddClaim(new(EmailVerified, person.EmailVerified ? "true" : "false"));
        }
    }

    private static async Task<JsonDocument> GetAsync(OAuthCreatingTicketContext context, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
        request.Headers.Accept.Add(new("application/json"));
        // GitHub refuses requests without one.
        request.Headers.UserAgent.Add(new("BlazorBlog", null));
        using var response = await context.Backchannel.SendAsync(request, context.HttpContext.RequestAborted);
        response.EnsureSuccessStatusCode();
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(context.HttpContext.RequestAborted), cancellationToken: context.HttpContext.RequestAborted);
    }

    private static string At(Uri url, ExternalClient client) => client.BaseUrl is { } stand ? new Uri(stand, url.PathAndQuery).AbsoluteUri : url.AbsoluteUri;
}
