using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorBlog.Support;

/// <summary>
/// GitHub, Google, NAVER and Kakao on one free port of this machine, each at its own paths and with its own answers. It checks what the
/// provider would: who the client is, where the browser is sent back, and that a code is exchanged once, by whoever asked for it.
/// </summary>
public sealed class FakeSignInProvider : FakeProvider
{
    public const string ClientId = "blog-client";

    public const string ClientSecret = "blog-secret";

    private readonly ConcurrentDictionary<string, Grant> _codes = [];
    private readonly ConcurrentDictionary<string, Grant> _tokens = [];

    private FakeSignInProvider()
    {
        MapProvider("GitHub", "/login/oauth/authorize", "/login/oauth/access_token", "/user", person => new
        {
            login = "mina-dev",
            id = person.Number,
            name = person.Name,
            email = (string?)null,
        });
        Routes.MapGet("/user/emails", (HttpContext http) => About(http, "GitHub", person => new object[]
        {
            new { email = "older@example.com", primary = false, verified = true },
            new { email = person.Email, primary = true, verified = person.EmailVerified },
        }));
        MapProvider("Google", "/o/oauth2/v2/auth", "/token", "/v1/userinfo", person => new
        {
            sub = $"{person.Number}",
            name = person.Name,
            given_name = person.Name,
            email = person.Email,
            email_verified = person.EmailVerified,
        });
        MapProvider("Naver", "/oauth2.0/authorize", "/oauth2.0/token", "/v1/nid/me", person => new
        {
            resultcode = "00",
            message = "success",
            response = new { id = $"naver-{person.Number}", nickname = person.Name, email = person.Email },
        });
        MapProvider("Kakao", "/oauth/authorize", "/oauth/token", "/v2/user/me", person => new
        {
            id = person.Number,
            connected_at = "2026-11-23T00:30:00Z",
            kakao_account = new
            {
                profile_nickname_needs_agreement = false,
                profile = new { nickname = person.Name },
                has_email = true,
                is_email_valid = true,
                is_email_verified = person.EmailVerified,
                email = person.Email,
            },
        });
    }

    /// <summary>Who sits at the browser, and agrees.</summary>
    public PersonThere Person { get; set; } = new(1, "Mina Han", "mina@example.com", true);

    /// <summary>The only address to which browsers are sent back, without its last part.</summary>
    public string? Callback { get; set; }

    public static async Task<FakeSignInProvider> StartAsync()
    {
        var provider = new FakeSignInProvider();
        await provider.ListenAsync();
        return provider;
    }

    /// <summary>Settings of a blog that offers some of them.</summary>
    public void Offer(TestBlogOptions options, params string[] names)
    {
        foreach (var name in names)
        {
            options.Settings[$"SignIn:{name}:ClientId"] = ClientId;
            options.Settings[$"SignIn:{name}:ClientSecret"] = ClientSecret;
            options.Settings[$"SignIn:{name}:BaseUrl"] = BaseUrl.AbsoluteUri;
        }
    }

    private void MapProvider(string name, string authorize, string token, string user, Func<PersonThere, object> describe)
    {
        Routes.MapGet(authorize, (HttpContext http) => Authorize(http, name));
        Routes.MapPost(token, (HttpContext http, CancellationToken _) => ExchangeAsync(http, name));
        Routes.MapGet(user, (HttpContext http) => About(http, name, describe));
    }

    private IResult Authorize(HttpContext http, string name)
    {
        var query = http.Request.Query;
        Requests.Add($"{name} authorize {query["scope"]}");
        var redirect = query["redirect_uri"].ToString();
        if (query["client_id"] != ClientId || query["response_type"] != "code" || redirect != $"{Callback}/{name.ToLowerInvariant()}")
        {
            return Complain($"{name}: client '{query["client_id"]}', answer '{query["response_type"]}', way back '{redirect}'", Results.BadRequest());
        }

        if (query["code_challenge_method"] != "S256" || query["code_challenge"].ToString().Length < 43 || query["state"].ToString().Length < 20)
        {
            return Complain($"{name}: no PKCE, or no state", Results.BadRequest());
        }

        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _codes[code] = new Grant(name, redirect, query["code_challenge"]!, Person);
        return Results.Redirect(QueryHelpers.AddQueryString(redirect, new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"] }));
    }

    private async Task<IResult> ExchangeAsync(HttpContext http, string name)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret || form["grant_type"] != "authorization_code")
        {
            return Complain($"{name}: a token for client '{form["client_id"]}'", Results.Json(new { error = "invalid_client" }, statusCode: 401));
        }

        var verifier = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var grant) || grant.Provider != name || grant.RedirectUri != form["redirect_uri"] || grant.Challenge != verifier)
        {
            return Complain($"{name}: a code that is used, or somebody else's", Results.Json(new { error = "invalid_grant" }, statusCode: 400));
        }

        if (!http.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal))
        {
            // GitHub answers as a form to whoever does not ask for JSON.
            return Complain($"{name}: no JSON was asked for", Results.Text("access_token=", "application/x-www-form-urlencoded"));
        }

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _tokens[token] = grant;
        // NAVER writes the number as text.
        return Results.Json(new { access_token = token, token_type = "bearer", expires_in = "3600" });
    }

    private IResult About(HttpContext http, string name, Func<PersonThere, object> describe)
    {
        if (FailQuestions is { } status)
        {
            return Results.StatusCode(status);
        }

        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal) || !_tokens.TryGetValue(header["Bearer ".Length..], out var grant) || grant.Provider != name)
        {
            return Complain($"{name}: who is it, with '{header}'", Results.Json(new { message = "Requires authentication" }, statusCode: 401));
        }

        return http.Request.Headers.UserAgent.Count == 0
            ? Complain($"{name}: no User-Agent", Results.Json(new { message = "Request forbidden" }, statusCode: 403))
            : Results.Json(describe(grant.Person));
    }

    private sealed record Grant(string Provider, string RedirectUri, string Challenge, PersonThere Person);
}

/// <summary>As the provider knows them.</summary>
/// <param name="Number">Never changes.</param>
/// <param name="Name">Their name there.</param>
/// <param name="Email">Their address.</param>
/// <param name="EmailVerified">Whether the provider has asked the mailbox.</param>
public sealed record PersonThere(long Number, string Name, string Email, bool EmailVerified);
