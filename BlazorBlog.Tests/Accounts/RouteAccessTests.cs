using System.Net;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Accounts;

/// <summary>Asks every route of the program, those of next year too, who may come in.</summary>
public sealed class RouteAccessTests(BlogFixture fixture) : IClassFixture<BlogFixture>
{
    /// <summary>Open to everybody, on purpose. Whoever adds a line here has thought about it.</summary>
    private static readonly string[] Open =
    [
        // Reading and commenting need no account.
        "/",
        "/tags/{Tag}",
        "/posts/{Slug}",
        "/c/{id}",
        "/posts/{slug}/comments",
        "/posts/{slug}/comments/mine",
        "/posts/{slug}/comments/{id:guid}/edit",
        "/posts/{slug}/comments/{id:guid}/remove",
        "/posts/{slug}/comments/{id:guid}/restore",
        "/posts/{slug}/comments/{id:guid}/reactions",
        "/comments/preview",
        "/avatars/{id:guid}",
        "/scripts/{version}/{module}",
        // The ways to an account, and out of one.
        "/account/login",
        "/account/login/code",
        "/account/login/two-factor",
        "/account/code",
        "/account/register",
        "/account/confirm/{Token}",
        "/account/forgot",
        "/account/reset/{Token}",
        "/account/setup/{Token}",
        "/account/external",
        "/account/external/start",
        "/account/passkeys/sign-in-options",
        "/account/logout",
        "/account/denied",
        "/.well-known/change-password",
        // Whoever holds a mail's link, or a provider's secret.
        "/notifications/{token}",
        "/notifications/{token}/unsubscribe",
        "/notifications/{token}/confirm",
        "/webhooks/twilio/status",
        "/webhooks/twilio/inbound",
        "/webhooks/coolsms/{secret}",
        // The program itself.
        "/not-found",
        "/healthz/live",
        "/healthz/ready",
        "/_blazor",
        "/_blazor/disconnect",
        "/_blazor/negotiate",
        "/_blazor/initializers",
        "/{**path}",
    ];

    /// <summary>The framework's own says nothing, and so is closed to everybody: the blog never sends anybody elsewhere from a page.</summary>
    private const string Closed = "/_framework/opaque-redirect";

    /// <summary>Of builds that are not published; our own fallback comes first.</summary>
    private const string DevelopmentFiles = "/{**path:file}";

    private readonly TestBlog _blog = fixture.Blog;

    [Fact]
    public void Every_route_is_open_on_purpose_or_names_a_policy()
    {
        var endpoints = Endpoints(_blog);

        Assert.Empty(Faults(endpoints));
        Assert.Empty(Open.Except(endpoints.Where(IsOpen).Select(Path)));
        Assert.Equal(
            ["/account", "/account/data", "/account/data/download", "/account/email/{Token}", "/account/passkeys/new-options", "/account/security", "/account/two-factor",
                "/admin", "/admin/users", "/admin/{**rest}", "/posts/{slug}/comments/{id:guid}/moderate"],
            endpoints.Where(endpoint => !IsOpen(endpoint)).Select(Path).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_protected_route_lets_in_the_holders_of_its_policy_and_nobody_else()
    {
        List<string> wrong = [];
        foreach (var role in Roles.All.Prepend(""))
        {
            using var visitor = role.Length == 0 ? new AccountVisitor(_blog) : await AccountVisitor.SignedInAsync(_blog, role);
            foreach (var endpoint in Endpoints(_blog).Where(endpoint => !IsOpen(endpoint)))
            {
                var isHolder = role.Length > 0 && Policies.Holders[PolicyOf(endpoint)!].Contains(role);
                foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "PUT"])
                {
                    var path = Filled(endpoint);
                    var plain = await visitor.SendAsync(new HttpMethod(method), path, null);
                    var json = await visitor.SendAsync(new HttpMethod(method), path, null, request => request.Headers.Add("Accept", "application/json"));
                    var expected = (role.Length == 0, isHolder) switch
                    {
                        (_, true) => "in",
                        (true, _) => "login",
                        _ => "denied",
                    };
                    if (plain.Status >= HttpStatusCode.InternalServerError || Outcome(plain) != expected || Outcome(json) != expected || (method != "GET" && plain.Location is not null) || json.Location is not null)
                    {
                        wrong.Add($"{method} {path} as '{role}' is '{Outcome(plain)}' ({(int)plain.Status}, {plain.LocalPath}) and '{Outcome(json)}' ({(int)json.Status}) for a script, not '{expected}'");
                    }
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_is_led_to_sign_in_and_back()
    {
        using var visitor = new AccountVisitor(_blog);

        var answer = await visitor.GetAsync("/admin/users?page=2");
        var signedIn = await visitor.SignInAsync(await AccountVisitor.AddAsync(_blog, Roles.Moderator), page: answer.LocalPath!);

        Assert.Equal("/account/login?returnUrl=%2Fadmin%2Fusers%3Fpage%3D2", answer.LocalPath);
        signedIn.MustLeadTo("/admin/users?page=2");
        (await visitor.GetAsync("/admin/users?page=2")).MustLeadTo("/account/denied?returnUrl=%2Fadmin%2Fusers%3Fpage%3D2");
        (await visitor.GetAsync("/account/denied")).MustBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/admin")]
    [InlineData("/Admin")]
    [InlineData("/admin/")]
    [InlineData("/admin/users")]
    [InlineData("/ADMIN/USERS")]
    [InlineData("/admin/users/")]
    [InlineData("/admin/no-such-page")]
    [InlineData("/admin/users/1/edit")]
    [InlineData("/admin/no-such-file.css")]
    [InlineData("/%61dmin/no-such-page")]
    public async Task Below_admin_everything_is_refused_to_readers_also_what_is_not_there(string path)
    {
        using var nobody = new AccountVisitor(_blog);
        using var reader = await AccountVisitor.SignedInAsync(_blog);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
        {
            var stranger = await nobody.SendAsync(method, path, null);
            var known = await reader.SendAsync(method, path, null);
            Assert.True(Outcome(stranger) == "login" && Outcome(known) == "denied", $"{method} {path}: {stranger.Status} and {known.Status}");
        }
    }

    [Fact]
    public async Task A_route_that_says_nothing_is_open_to_nobody_and_is_found_by_the_table()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Services = services => services.AddSingleton<IStartupFilter, ForgottenRoute>());
        using var nobody = new AccountVisitor(blog);
        using var administrator = await AccountVisitor.SignedInAsync(blog, Roles.Administrator);

        foreach (var path in new[] { Closed, ForgottenRoute.Path })
        {
            var stranger = await nobody.GetAsync(path);
            var known = await administrator.GetAsync(path);
            Assert.True(Outcome(stranger) == "login" && Outcome(known) == "denied", $"{path}: {stranger.Status} and {known.Status}");
        }

        Assert.Equal([$"{ForgottenRoute.Path} names no policy"], Faults(Endpoints(blog)));
    }

    private static IReadOnlyList<RouteEndpoint> Endpoints(TestBlog blog) =>
        [.. blog.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null && Path(endpoint) is not (Closed or DevelopmentFiles))];

    private static IEnumerable<string> Faults(IEnumerable<RouteEndpoint> endpoints) => endpoints.Select(endpoint =>
        IsOpen(endpoint) ? Open.Contains(Path(endpoint)) ? null : $"{Path(endpoint)} is open and not in the list"
        : PolicyOf(endpoint) is not { } policy ? $"{Path(endpoint)} names no policy"
        : Policies.Holders.ContainsKey(policy) ? null : $"{Path(endpoint)} names the unknown policy {policy}").OfType<string>();

    private static bool IsOpen(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static string? PolicyOf(RouteEndpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).LastOrDefault();

    private static string Path(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.TrimStart('/').TrimEnd('/')}";

    private static string Filled(RouteEndpoint endpoint) => string.Join('/', Path(endpoint).Split('/').Select(part =>
        part.Contains(":guid", StringComparison.Ordinal) ? Guid.NewGuid().ToString() : part.StartsWith('{') ? "something" : part));

    private static string Outcome(AccountResponse answer) => answer switch
    {
        { Status: HttpStatusCode.Unauthorized } => "login",
        { Status: HttpStatusCode.Forbidden } => "denied",
        { LocalPath: { } path } when path.StartsWith("/account/login?returnUrl=", StringComparison.Ordinal) => "login",
        { LocalPath: { } path } when path.StartsWith("/account/denied?returnUrl=", StringComparison.Ordinal) => "denied",
        _ => "in",
    };

    /// <summary>What a colleague might add in a hurry.</summary>
    private sealed class ForgottenRoute : IStartupFilter
    {
        public const string Path = "/forgotten";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.MapWhen(context => context.Request.Path == Path, branch =>
            {
                branch.UseRouting();
                branch.UseAuthentication();
                branch.UseAuthorization();
                branch.UseEndpoints(endpoints => endpoints.MapGet(Path, () => "Everybody reads this."));
            });
            next(app);
        };
    }
}
