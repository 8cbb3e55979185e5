using BlazorBlog.Accounts.External;
using BlazorBlog.Accounts.Mail;
using BlazorBlog.Accounts.Pages.Open;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Data;
using BlazorBlog.Data.Changes;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Email;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorBlog.Accounts;

public static class AccountsSetup
{
    /// <summary>Time limit between the password and the code of the app, or between a provider's answer and the form that follows.</summary>
    private static readonly TimeSpan HalfwayTime = TimeSpan.FromMinutes(10);

    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<AdminSettings>("Admin");
        var authentication = services.AddAuthentication(options =>
        {
            options.DefaultScheme = IdentityConstants.ApplicationScheme;
            options.DefaultSignInScheme = IdentityConstants.ExternalScheme;
        });
        authentication.AddIdentityCookies(cookies =>
        {
            cookies.ApplicationCookie!.Configure(options =>
            {
                Configure(options, SignInCookie.Name, SignInSessions.Lifetime);
                options.EventsType = typeof(SignInCookie);
                options.LoginPath = "/account/login";
                options.AccessDeniedPath = "/account/denied";
                options.ReturnUrlParameter = "returnUrl";
            });
            cookies.ExternalCookie!.Configure(options => Configure(options, "blog_external", HalfwayTime));
            cookies.TwoFactorUserIdCookie!.Configure(options => Configure(options, "blog_halfway", HalfwayTime));
        });
        builder.AddExternalSignIn(authentication);
        services.AddAntiforgery(options => options.Cookie.Name = "blog_form");

        services.AddSingleton<IPasswordHasher<BlogUser>>(new PasswordHasher<BlogUser>(Options.Create(BlogSignInManager.Hashing)));
        services.AddIdentityCore<BlogUser>(options =>
        {
            options.User.RequireUniqueEmail = true;
            options.SignIn.RequireConfirmedEmail = true;
            // Of the second step alone; wrong passwords are counted by address.
            options.Lockout.MaxFailedAccessAttempts = PasswordFailures.MaxFailures;
            options.Lockout.DefaultLockoutTimeSpan = PasswordFailures.LockoutTime;
            options.ClaimsIdentity.SecurityStampClaimType = ClaimsPrincipalExtensions.StampClaim;
            // Identity's own password rules are switched off; see PasswordRules.
            options.Password = new PasswordOptions { RequiredLength = 1, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false };
        })
            .AddUserStore<BlogUserStore>()
            .AddSignInManager<BlogSignInManager>()
            .AddPasswordValidator<PasswordRules>()
            .AddClaimsPrincipalFactory<BlogClaimsFactory>()
            .AddTokenProvider<AuthenticatorTokenProvider<BlogUser>>(TokenOptions.DefaultAuthenticatorProvider);
        services.AddOptions<IdentityPasskeyOptions>().Configure<SiteSettings, IConfiguration>((options, site, configuration) =>
        {
            // A passkey counts as two factors, so the device must have checked who holds it, and the framework's defaults may change.
            options.UserVerificationRequirement = "required";
            // Not what the request says: a proxy may send a Host of its own. Without a public address there is nothing else to go by.
            options.ServerDomain = SiteSetup.IsAddressSet(configuration) ? site.BaseUrl.IdnHost : null;
        });
        // For Identity's store only; other code creates its contexts from the factory.
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<BlogDbContext>>().CreateDbContext());

        services.AddPolicies();
        services.AddSingleton<SignInSessions>();
        services.AddSingleton<AccessControl>();
        services.AddScoped<SignInCookie>();
        services.AddSingleton<AccountRateLimiter>();
        services.AddSingleton<PasswordFailures>();
        services.AddSingleton<EmailVerifications>();
        services.AddSingleton<VerificationCookie>();
        services.AddSingleton<AccountNotifier>();
        services.AddSingleton<GuestLinking>();
        services.AddSingleton<PersonalData>();
        services.AddSingleton<ProfileService>();
        services.AddSingleton<FirstAdministrator>();
        services.AddScoped<RegistrationService>();
        services.AddScoped<AccountSecurity>();
        services.AddScoped<ExternalSignIns>();
        services.AddSingleton<IEntityChangeHandler, AccountMailSignal>();
        services.AddSingleton<IEmailSource, AccountEmailSource>();
    }

    /// <summary>Makes the first administrator where there is none, or logs how to become it.</summary>
    public static async Task PrepareAdministratorAsync(this WebApplication app)
    {
        var first = app.Services.GetRequiredService<FirstAdministrator>();
        if (await first.PrepareAsync(app.Lifetime.ApplicationStopping) is { } path)
        {
            // Where it listens is known by then.
            app.Lifetime.ApplicationStarted.Register(() => first.Announce(new Uri(app.ReachableAddress(), path)));
        }
    }

    public static void UseAccounts(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        // Between the check of the cookie and the action, a sign-in may end or a role be taken away.
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (AccessDeniedException) when (!context.Response.HasStarted)
            {
                await context.ForbidAsync();
            }
            catch (RecentSignInRequiredException) when (!context.Response.HasStarted)
            {
                SignInAgain(context);
            }
        });
    }

    /// <summary>Leads to signing in again and from there back to the page; a script is told in an answer that it can read.</summary>
    private static void SignInAgain(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Clear();
        if (request.WantsJson())
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
        }
        else
        {
            response.Redirect(LoginPage.Again(HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : request.Path));
        }
    }

    private static void AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, PolicyHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, SecondFactorRedirect>();
        var authorization = services.AddAuthorizationBuilder()
            // Deny by default: an endpoint without a policy refuses every user.
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
        foreach (var policy in Policies.Holders.Keys)
        {
            authorization.AddPolicy(policy, rules => rules.RequireAuthenticatedUser().AddRequirements(new PolicyRequirement(policy)));
        }
    }

    private static void Configure(CookieAuthenticationOptions options, string name, TimeSpan lifetime)
    {
        options.Cookie.Name = name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.ExpireTimeSpan = lifetime;
        options.SlidingExpiration = true;
    }
}
