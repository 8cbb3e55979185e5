using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Accounts;

/// <summary>
/// Another site can make a browser post a form, with its cookies, and it can make it open any address. The first changes nothing without
/// a token of that very browser, the second changes nothing at all.
/// </summary>
public sealed partial class AntiforgeryTests : IAsyncLifetime
{
    private const string TokenField = "__RequestVerificationToken";

    /// <summary>POST without a token, each for a reason.</summary>
    private static readonly Dictionary<string, string> WithoutToken = new()
    {
        ["/posts/{slug}/comments"] = "Pages are the same for everybody, so they carry no token; the request says where it comes from (Sec-Fetch-Site, Origin).",
        ["/comments/preview"] = "As comments; it changes nothing.",
        ["/posts/{slug}/comments/{id:guid}/edit"] = "As comments.",
        ["/posts/{slug}/comments/{id:guid}/remove"] = "As comments.",
        ["/posts/{slug}/comments/{id:guid}/restore"] = "As comments.",
        ["/posts/{slug}/comments/{id:guid}/reactions"] = "As comments.",
        ["/notifications/{token}"] = "The link out of a mail is the proof, and no cookie plays a part.",
        ["/notifications/{token}/unsubscribe"] = "Mail programs post it by themselves (RFC 8058).",
        ["/notifications/{token}/confirm"] = "As the other links of a mail.",
        ["/webhooks/twilio/status"] = "A server, which signs.",
        ["/webhooks/twilio/inbound"] = "A server, which signs.",
        ["/webhooks/coolsms/{secret}"] = "A server, which knows the secret.",
    };

    /// <summary>For any method: those of circuits, each POST of which needs a circuit's protected id, and those that do nothing at all.</summary>
    private static readonly string[] Framework = ["/healthz/live", "/healthz/ready", "/_blazor", "/_blazor/initializers", "/_blazor/negotiate", "/_blazor/disconnect", "/{**path}", "/admin/{**rest}"];

    private readonly LoggedLines _log = new();
    private FakeSignInProvider _provider = null!;
    private TestBlog _blog = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await FakeSignInProvider.StartAsync();
        _blog = await TestBlog.StartAsync(options =>
        {
            _provider.Offer(options, "Google");
            options.Settings["Logging:LogLevel:BlazorBlog.Accounts.FirstAdministrator"] = "Warning";
            options.Services = services => services.AddSingleton<ILoggerProvider>(_log);
        });
        _provider.Callback = new Uri(_blog.Address, "/account/external/callback").AbsoluteUri;
    }

    [Fact]
    public async Task A_form_without_a_token_of_this_person_and_browser_changes_nothing()
    {
        List<string> wrong = [];
        SortedSet<string> tried = new(StringComparer.Ordinal);
        await foreach (var place in PlacesAsync())
        {
            using var other = await AccountVisitor.SignedInAsync(_blog);
            var othersToken = AccountResponse.FieldsOf((await other.GetAsync("/account")).Form("profile")!)[TokenField];
            using var stranger = new AccountVisitor(_blog);
            var strangersToken = AccountResponse.FieldsOf((await stranger.GetAsync("/account/login")).Form("login")!)[TokenField];
            var page = await place.Visitor.GetAsync(place.Path);
            var forms = page.Forms.DistinctBy(Describe).ToList();
            Assert.True(forms.Count > 0, $"{place.Path} answered {(int)page.Status} to '{page.LocalPath}' without a form.");
            foreach (var form in forms)
            {
                tried.Add(Describe(form));
                var fields = Filled(AccountResponse.FieldsOf(form));
                foreach (var (what, token) in new[]
                {
                    ("no token", null),
                    ("an empty one", ""),
                    ("a made-up one", $"{fields[TokenField][..60]}{(fields[TokenField][60] == 'A' ? 'B' : 'A')}{fields[TokenField][61..]}"),
                    ("another person's", othersToken),
                    ("another browser's", strangersToken),
                    ("one from before this person signed in", place.TokenBefore),
                })
                {
                    if (what.StartsWith("one from", StringComparison.Ordinal) && token is null)
                    {
                        continue;
                    }

                    Dictionary<string, string> posted = new(fields);
                    posted.Remove(TokenField);
                    if (token is not null)
                    {
                        posted[TokenField] = token;
                    }

                    using var hand = place.Visitor.Copy();
                    var before = await ReadAtRestAsync();
                    var answer = await hand.PostAsync(form.GetAttribute("action") ?? place.Path, posted);
                    var changes = DatabaseContents.Difference(before, await DatabaseContents.ReadAsync(_blog));
                    if (answer.Status != HttpStatusCode.BadRequest || changes.Count > 0)
                    {
                        wrong.Add($"{place.Path} '{Describe(form)}' with {what}: {(int)answer.Status} {answer.LocalPath} {string.Join(" ", changes)}");
                    }
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(string.Join(' ', await NamesInSourcesAsync()), string.Join(' ', tried));
    }

    [Fact]
    public async Task Every_POST_needs_a_token_unless_a_reason_is_given()
    {
        var posts = _blog.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { } methods || methods.HttpMethods.Contains("POST"))
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: true })
            .Select(endpoint => $"/{endpoint.RoutePattern.RawText!.TrimStart('/').TrimEnd('/')}")
            .Distinct().Except(Framework);

        Assert.Equal(WithoutToken.Keys.Order(StringComparer.Ordinal), posts.Order(StringComparer.Ordinal));
        using var visitor = await AccountVisitor.SignedInAsync(_blog, Roles.Moderator);
        foreach (var path in new[] { "/account/passkeys/new-options", "/account/passkeys/sign-in-options", $"/posts/x/comments/{Guid.NewGuid()}/moderate", "/account/external/start" })
        {
            (await visitor.PostAsync(path, [])).MustBe(HttpStatusCode.BadRequest);
            (await visitor.SendAsync(HttpMethod.Post, path, new StringContent("{}", System.Text.Encoding.UTF8, "application/json"))).MustBe(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task The_answer_to_a_stale_form_says_what_to_do()
    {
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        var page = await visitor.GetAsync("/account");
        await visitor.SubmitAsync("/account/logout", "logout");
        await visitor.SignInAsync(await AccountVisitor.AddAsync(_blog));

        var answer = await visitor.SubmitAsync(page, page.Form("profile")!, ("Name", "Somebody else"));

        answer.MustBe(HttpStatusCode.BadRequest);
        Assert.NotEmpty(answer.Document.QuerySelector("h1")!.TextContent);
        Assert.DoesNotContain("Somebody else", (await visitor.GetAsync("/account")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_an_address_changes_nothing()
    {
        using var visitor = new AccountVisitor(_blog);
        var paths = _blog.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { } methods || methods.HttpMethods.Contains("GET"))
            .Select(endpoint => $"/{endpoint.RoutePattern.RawText!.TrimStart('/').TrimEnd('/')}")
            .Where(path => path.StartsWith("/account", StringComparison.Ordinal) || path.StartsWith("/admin", StringComparison.Ordinal))
            .Distinct().ToList();
        List<Place> places = [];
        List<string> wrong = [];
        await foreach (var place in PlacesAsync())
        {
            places.Add(place);
            wrong.AddRange(await ChangesAsync(place.Visitor, place.Path));
            // A link of a mail, in the hands of a program that looks into mails.
            wrong.AddRange(await ChangesAsync(visitor, place.Path));
        }

        using var administrator = await AccountVisitor.SignedInAsync(_blog, Roles.Administrator);
        foreach (var path in paths.Where(path => !path.Contains('{', StringComparison.Ordinal)).Concat(places.Select(place => place.Path)))
        {
            wrong.AddRange(await ChangesAsync(administrator, path));
            wrong.AddRange(await ChangesAsync(visitor, path));
        }

        var templates = paths.Where(path => path.Contains("{Token}", StringComparison.Ordinal)).Select(path => path.Replace("{Token}", "", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, templates.Count);
        Assert.All(templates, template => Assert.Contains(places, place => place.Path.StartsWith(template, StringComparison.Ordinal)));
        // The secret for an app is made with the page that shows it; it counts for nothing until its code is posted.
        Assert.DoesNotContain(wrong, change => !change.StartsWith("/account/two-factor ", StringComparison.Ordinal));
        Assert.All(wrong, change => Assert.Matches("UserTokens: .*AuthenticatorKey|Users: ", change));
        Assert.Empty(await ChangesAsync(administrator, "/account/two-factor"));
        Assert.True(await administrator.IsSignedInAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _blog.DisposeAsync();
        await _provider.DisposeAsync();
    }

    /// <summary>Every page with a form of its own, before somebody for whom it is there.</summary>
    private async IAsyncEnumerable<Place> PlacesAsync()
    {
        var link = (await _log.Lines.WaitForAsync(1, TestContext.Current.CancellationToken))[0];
        var nobody = new AccountVisitor(_blog);
        // First, for it is there only as long as nobody is an administrator.
        yield return new(nobody, $"/account/setup/{link[(link.LastIndexOf('/') + 1)..]}");
        yield return new(nobody, "/account/login");
        yield return new(nobody, "/account/login/code");
        yield return new(nobody, "/account/register");
        yield return new(nobody, "/account/forgot");

        var asking = new AccountVisitor(_blog);
        await asking.SubmitAsync("/account/register", "register", ("Name", "Mina"), ("Email", "new@example.com"), ("Password", AccountVisitor.Password));
        yield return new(asking, "/account/code");
        yield return new(asking, AccountVisitor.LinkIn(await asking.MailAsync("new@example.com"), "/account/confirm/"));

        var coming = new AccountVisitor(_blog);
        yield return new(coming, await ComeFromProviderAsync(coming, "/account/login"));

        var secured = await AccountVisitor.SignedInAsync(_blog);
        await secured.EnableTwoFactorAsync();
        yield return new(secured, "/account/security");

        var halfway = new AccountVisitor(_blog);
        (await halfway.SignInAsync(secured.User)).MustLeadTo("/account/login/two-factor?remember=true");
        yield return new(halfway, "/account/login/two-factor");

        var forgetful = await AccountVisitor.SignedInAsync(_blog);
        await forgetful.SubmitAsync("/account/forgot", "forgot", ("Email", forgetful.Email));
        yield return new(forgetful, AccountVisitor.LinkIn(await forgetful.MailAsync(forgetful.Email), "/account/reset/"));
        yield return new(forgetful, "/account/two-factor");

        var rich = new AccountVisitor(_blog);
        var stale = AccountResponse.FieldsOf((await rich.GetAsync("/account/login")).Form("login")!)[TokenField];
        await rich.SignInAsync(await AccountVisitor.AddAsync(_blog));
        await AddPossessionsAsync(rich.User);
        using (var elsewhere = new AccountVisitor(_blog))
        {
            // A second session, to be ended on the page.
            await elsewhere.SignInAsync(rich.User);
        }

        await rich.SubmitAsync("/account/security", "email", ("Email", "changed@example.com"), ("OwnPassword", AccountVisitor.Password));
        var change = AccountVisitor.LinkIn(await rich.MailAsync("changed@example.com"), "/account/email/");
        foreach (var path in new[] { "/account", "/account/security", "/account/data", "/account/logout", change })
        {
            yield return new(rich, path, stale);
        }

        var connecting = await AccountVisitor.SignedInAsync(_blog);
        yield return new(connecting, await ComeFromProviderAsync(connecting, "/account/security"));

        yield return new(await AccountVisitor.SignedInAsync(_blog, Roles.Administrator), "/admin/users");
    }

    /// <summary>What makes further forms appear: a picture, a passkey and a provider.</summary>
    private async Task AddPossessionsAsync(BlogUser user)
    {
        await _blog.ChangeAsync(db =>
        {
            db.Avatars.Add(new Avatar { UserId = user.Id, Bytes = [1] });
            db.Add(new IdentityUserLogin<Guid> { UserId = user.Id, LoginProvider = "GitHub", ProviderKey = "7", ProviderDisplayName = "GitHub" });
            db.Add(new IdentityUserPasskey<Guid>
            {
                UserId = user.Id,
                CredentialId = Guid.NewGuid().ToByteArray(),
                Data = new() { PublicKey = [1], Name = "phone", AttestationObject = [1], ClientDataJson = [1] },
            });
        });
        await _blog.ChangeAsync(async db =>
        {
            var known = await db.Users.FindAsync(user.Id);
            known!.AvatarId = db.Avatars.Single(avatar => avatar.UserId == user.Id).Id;
        });
    }

    /// <returns>The page on which somebody comes back from the provider.</returns>
    private static async Task<string> ComeFromProviderAsync(AccountVisitor visitor, string path)
    {
        var page = await visitor.GetAsync(path);
        var start = await visitor.SubmitAsync(page, page.Forms.Single(form => form.GetAttribute("action") == "/account/external/start"));
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await http.GetAsync(start.Location, TestContext.Current.CancellationToken);
        return (await visitor.GetAsync(answer.Headers.Location!.PathAndQuery)).LocalPath!;
    }

    /// <summary>Every row, once the mails of what was done before are gone.</summary>
    private async Task<IReadOnlyList<string>> ReadAtRestAsync()
    {
        await Eventually.WaitUntilAsync(() => _blog.ReadAsync(async db => !await db.AccountMails.AnyAsync()), "the mails were sent");
        return await DatabaseContents.ReadAsync(_blog);
    }

    private async Task<IEnumerable<string>> ChangesAsync(AccountVisitor visitor, string path)
    {
        using var hand = visitor.Copy();
        var before = await ReadAtRestAsync();
        var answer = await hand.GetAsync(path);
        Assert.True(answer.Status < HttpStatusCode.InternalServerError, $"{path}: {answer.Status}");
        return DatabaseContents.Difference(before, await DatabaseContents.ReadAsync(_blog)).Select(change => $"{path} {change}");
    }

    /// <summary>A form by its name, without the id of what it is about.</summary>
    private static string Describe(IHtmlFormElement form) =>
        AccountResponse.HandlerOf(form) is { } handler ? About().Replace(handler, "-*") : form.GetAttribute("action") ?? "";

    /// <summary>So that a form that is taken would do something.</summary>
    private static Dictionary<string, string> Filled(Dictionary<string, string> fields)
    {
        foreach (var (name, value) in fields.Where(field => field.Value.Length == 0).ToList())
        {
            fields[name] = name switch
            {
                "Email" => "typed@example.com",
                "Password" => "another quiet river here",
                "OwnPassword" or "Current" or "Proof" => AccountVisitor.Password,
                "Name" => "Changed",
                _ => value,
            };
        }

        fields.TryAdd("Comments", "remove");
        return fields;
    }

    /// <summary>Names of all forms that there are, and the addresses of those without a name.</summary>
    private static async Task<SortedSet<string>> NamesInSourcesAsync()
    {
        SortedSet<string> names = new(StringComparer.Ordinal) { "/account/external/start" };
        foreach (var file in new[] { "Accounts", "Admin" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, "BlazorBlog", folder), "*.razor", SearchOption.AllDirectories)))
        {
            foreach (Match match in FormName().Matches(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)))
            {
                names.Add(match.Groups[1].Success ? match.Groups[1].Value : $"{match.Groups[2].Value}*");
            }
        }

        return names;
    }

    [GeneratedRegex("@formname=\"(?:([a-z-]+)\"|@\\(\\$\"([a-z]+-))")]
    private static partial Regex FormName();

    [GeneratedRegex("(?<=^(passkey|session|roles|login))-.+$")]
    private static partial Regex About();

    /// <param name="Visitor">For whom the page is there.</param>
    /// <param name="Path">The page.</param>
    /// <param name="TokenBefore">A token of the same browser from before somebody signed in there.</param>
    private sealed record Place(AccountVisitor Visitor, string Path, string? TokenBefore = null);
}
