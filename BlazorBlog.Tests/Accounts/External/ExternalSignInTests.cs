using System.Net;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts.External;

/// <summary>Signing in at GitHub, Google, NAVER and Kakao, and what that proves about an address.</summary>
public sealed class ExternalSignInTests : IAsyncLifetime
{
    private const string Failure = "That did not work. Please try again, or sign in another way.";

    private static long _lastPerson = 1000;

    private FakeSignInProvider _provider = null!;
    private TestBlog _blog = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await FakeSignInProvider.StartAsync();
        _blog = await TestBlog.StartAsync(options => _provider.Offer(options, "GitHub", "Google", "Naver", "Kakao"));
        _provider.Callback = new Uri(_blog.Address, "/account/external/callback").AbsoluteUri;
    }

    [Theory]
    [InlineData("GitHub", "read:user user:email")]
    [InlineData("Google", "openid email profile")]
    [InlineData("Kakao", "")]
    public async Task An_address_that_the_provider_has_confirmed_makes_an_account_at_once(string provider, string scope)
    {
        var person = NewPerson();
        using var visitor = new AccountVisitor(_blog);

        var page = await ComeBackAsync(visitor, provider, returnUrl: "/posts/x?page=2#comments");
        var done = await visitor.SubmitAsync(page, page.Form("external")!);

        done.MustLeadTo("/posts/x?page=2#comments");
        Assert.Equal((person.Name, person.Email), (AccountResponse.FieldsOf(page.Form("external")!)["Name"], AccountResponse.FieldsOf(page.Form("external")!)["Email"]));
        Assert.True(await visitor.IsSignedInAsync());
        var user = Assert.Single(await UsersAsync(person.Email));
        Assert.Equal((person.Name, true, null), (user.DisplayName, user.EmailConfirmed, user.PasswordHash));
        Assert.Equal((provider, $"{person.Number}"), Assert.Single(await LoginsAsync(user)));
        Assert.Empty(visitor.MailsTo(person.Email));
        Assert.Contains($"{provider} authorize {scope}", _provider.Requests.Items);
        Assert.Empty(_provider.Complaints.Items);

        using var later = new AccountVisitor(_blog);
        (await ReturnAsync(later, provider, "/")).MustLeadTo("/");
        Assert.True(await later.IsSignedInAsync());
        Assert.Single(await UsersAsync(person.Email));
    }

    [Fact]
    public async Task A_name_with_characters_that_no_text_may_have_comes_without_them()
    {
        _provider.Person = NewPerson() with { Name = "Mi\uFFFEna" };
        using var visitor = new AccountVisitor(_blog);

        var page = await ComeBackAsync(visitor, "GitHub");

        Assert.Equal("Mina", AccountResponse.FieldsOf(page.Form("external")!)["Name"]);
    }

    [Theory]
    [InlineData("Naver")]
    [InlineData("GitHub")]
    [InlineData("Google")]
    [InlineData("Kakao")]
    public async Task An_address_that_the_provider_does_not_vouch_for_is_asked_first(string provider)
    {
        var person = NewPerson(isVerified: false);
        using var visitor = new AccountVisitor(_blog);

        var page = await ComeBackAsync(visitor, provider, returnUrl: "/tags/tea");
        (await visitor.SubmitAsync(page, page.Form("external")!, ("Email", person.Email))).MustLeadTo("/account/code");

        Assert.Empty(await UsersAsync(person.Email));
        Assert.False(await visitor.IsSignedInAsync());
        (await visitor.SubmitAsync("/account/code", "code", ("Code", "123"))).MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.Empty(await UsersAsync(person.Email));
        var code = AccountVisitor.CodeIn(await visitor.MailAsync(person.Email));
        (await visitor.SubmitAsync("/account/code", "code", ("Code", code))).MustLeadTo("/tags/tea");
        Assert.True(await visitor.IsSignedInAsync());
        Assert.Equal(provider, Assert.Single(await LoginsAsync(Assert.Single(await UsersAsync(person.Email)))).Provider);

        using var later = new AccountVisitor(_blog);
        (await ReturnAsync(later, provider, "/")).MustLeadTo("/");
        Assert.True(await later.IsSignedInAsync());
        Assert.Empty(_provider.Complaints.Items);
    }

    [Theory]
    [InlineData("Google", true)]
    [InlineData("Naver", false)]
    public async Task An_address_that_has_an_account_is_never_taken_over_without_its_mailbox(string provider, bool isVerified)
    {
        var owner = await AccountVisitor.AddAsync(_blog);
        _provider.Person = NewPerson(isVerified) with { Email = owner.Email! };
        using var visitor = new AccountVisitor(_blog);

        var page = await ComeBackAsync(visitor, provider);
        var answer = await visitor.SubmitAsync(page, page.Form("external")!, ("Email", owner.Email!));

        answer.MustLeadTo("/account/code");
        Assert.False(await visitor.IsSignedInAsync());
        Assert.Empty(await LoginsAsync(owner));
        var mail = await visitor.MailAsync(owner.Email!);
        Assert.Equal("You already have an account at BlazorBlog", mail.Subject);
        (await visitor.SubmitAsync("/account/code", "code", ("Code", "123"))).MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.Empty(await LoginsAsync(owner));

        // Whoever reads the mailbox is the owner.
        (await visitor.SubmitAsync("/account/code", "code", ("Code", AccountVisitor.CodeIn(mail)))).MustLeadTo("/");
        Assert.True(await visitor.IsSignedInAsync());
        Assert.Equal(provider, Assert.Single(await LoginsAsync(owner)).Provider);
    }

    [Fact]
    public async Task An_address_that_is_typed_in_the_place_of_the_confirmed_one_is_asked_first()
    {
        var owner = await AccountVisitor.AddAsync(_blog);
        var person = NewPerson();
        using var visitor = new AccountVisitor(_blog);
        foreach (var typed in new[] { owner.Email!, $"other-{person.Email}" })
        {
            var page = await ComeBackAsync(visitor, "Google");

            (await visitor.SubmitAsync(page, page.Form("external")!, ("Email", typed))).MustLeadTo("/account/code");

            Assert.False(await visitor.IsSignedInAsync());
        }

        Assert.Empty(await UsersAsync($"other-{person.Email}"));
        Assert.Empty(await LoginsAsync(owner));
    }

    [Fact]
    public async Task A_form_of_one_who_did_not_come_from_a_provider_makes_nothing()
    {
        var person = NewPerson();
        using var visitor = new AccountVisitor(_blog);
        using var stranger = new AccountVisitor(_blog);
        var page = await ComeBackAsync(visitor, "Google");
        var token = AccountResponse.FieldsOf((await stranger.GetAsync("/account/login")).Form("login")!)["__RequestVerificationToken"];

        var answer = await stranger.SubmitAsync(page, page.Form("external")!, ("__RequestVerificationToken", token));

        Assert.Null(answer.Location);
        Assert.Empty(await UsersAsync(person.Email));
        Assert.False(await stranger.IsSignedInAsync());
    }

    [Fact]
    public async Task A_provider_is_connected_from_the_security_page_and_removed_there()
    {
        var person = NewPerson();
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        var security = await visitor.GetAsync("/account/security");
        var start = security.Forms.Single(form => AccountResponse.FieldsOf(form).GetValueOrDefault("Provider") == "GitHub");

        var page = await visitor.GetAsync(await ThereAndBackAsync(visitor, await visitor.SubmitAsync(security, start)));
        Assert.Empty(await LoginsAsync(visitor.User));
        (await visitor.SubmitAsync(page, page.Form("connect")!)).MustLeadTo("/account/security?done=connected");

        Assert.Equal(("GitHub", $"{person.Number}"), Assert.Single(await LoginsAsync(visitor.User)));
        Assert.Equal("Another way to sign in was added", (await visitor.MailAsync(visitor.Email)).Subject);
        using var elsewhere = new AccountVisitor(_blog);
        (await ReturnAsync(elsewhere, "GitHub", "/")).MustLeadTo("/");
        Assert.Contains(visitor.Email, (await elsewhere.GetAsync("/account/security")).Html, StringComparison.Ordinal);

        (await visitor.SubmitAsync("/account/security", "login-GitHub")).MustLeadTo("/account/security?done=disconnected");
        Assert.Empty(await LoginsAsync(visitor.User));
        using var afterwards = new AccountVisitor(_blog);
        Assert.NotNull((await ComeBackAsync(afterwards, "GitHub")).Form("external"));
    }

    [Fact]
    public async Task What_signs_in_one_account_is_not_connected_to_another()
    {
        NewPerson();
        using var first = new AccountVisitor(_blog);
        var page = await ComeBackAsync(first, "Google");
        (await first.SubmitAsync(page, page.Form("external")!)).MustLeadTo("/");
        using var second = await AccountVisitor.SignedInAsync(_blog);
        var security = await second.GetAsync("/account/security");
        var start = security.Forms.Single(form => AccountResponse.FieldsOf(form).GetValueOrDefault("Provider") == "Google");

        var there = await second.GetAsync(await ThereAndBackAsync(second, await second.SubmitAsync(security, start)));
        var answer = await second.SubmitAsync(there, there.Form("connect")!);

        answer.MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("This Google account signs in somebody else here.", answer.Errors);
        Assert.Empty(await LoginsAsync(second.User));
    }

    [Fact]
    public async Task An_account_with_two_factors_is_asked_for_the_second_also_then()
    {
        NewPerson();
        using var visitor = new AccountVisitor(_blog);
        var page = await ComeBackAsync(visitor, "Google");
        (await visitor.SubmitAsync(page, page.Form("external")!)).MustLeadTo("/");
        var (secret, _) = await visitor.EnableTwoFactorAsync();
        using var later = new AccountVisitor(_blog);

        (await ReturnAsync(later, "Google", "/tags/tea")).MustLeadTo("/account/login/two-factor?returnUrl=%2Ftags%2Ftea");

        Assert.False(await later.IsSignedInAsync());
        (await later.SubmitAsync("/account/login/two-factor?returnUrl=%2Ftags%2Ftea", "second-factor", ("Code", AuthenticatorApp.Code(secret, 1)))).MustLeadTo("/tags/tea");
        Assert.True(await later.IsSignedInAsync());
    }

    [Fact]
    public async Task A_closed_account_is_not_opened_by_a_provider()
    {
        var person = NewPerson();
        using var visitor = new AccountVisitor(_blog);
        var page = await ComeBackAsync(visitor, "Google");
        (await visitor.SubmitAsync(page, page.Form("external")!)).MustLeadTo("/");
        await _blog.ChangeAsync(async db => (await db.Users.SingleAsync(user => user.Email == person.Email)).LockoutEnd = DateTimeOffset.MaxValue);
        using var later = new AccountVisitor(_blog);

        await ReturnAsync(later, "Google", "/");

        Assert.False(await visitor.IsSignedInAsync());
        Assert.False(await later.IsSignedInAsync());
    }

    [Theory]
    [InlineData("GitHub")]
    [InlineData("Google")]
    [InlineData("Naver")]
    [InlineData("Kakao")]
    public async Task Whoever_says_no_at_the_provider_is_back_at_the_sign_in_page(string provider)
    {
        using var visitor = new AccountVisitor(_blog);
        var start = await StartAsync(visitor, provider);
        var state = Query(start.Location!, "state");

        var answer = await visitor.GetAsync($"/account/external/callback/{provider.ToLowerInvariant()}?error=access_denied&error_description=No&state={Uri.EscapeDataString(state)}");

        await AssertFailedAsync(visitor, answer);
    }

    [Fact]
    public async Task A_forged_or_repeated_way_back_is_refused()
    {
        NewPerson();
        using var visitor = new AccountVisitor(_blog);
        using var attacker = new AccountVisitor(_blog);
        using var victim = new AccountVisitor(_blog);
        var start = await StartAsync(attacker, "GitHub");
        var (attackersWay, state) = (await AgreeAsync(start.Location!), Query(start.Location!, "state"));

        string[] forged =
        [
            "/account/external/callback/github",
            "/account/external/callback/github?code=x",
            "/account/external/callback/github?code=x&state=x",
            // The state of another browser: an attacker's own sign-in in the victim's hands.
            attackersWay,
            // The state of this browser, at another provider.
            attackersWay.Replace("/github", "/google", StringComparison.Ordinal),
        ];
        foreach (var way in forged)
        {
            await AssertFailedAsync(victim, await victim.GetAsync(way));
        }

        await AssertFailedAsync(attacker, await attacker.GetAsync($"/account/external/callback/github?code=guessed&state={Uri.EscapeDataString(state)}"));
        var way2 = await AgreeAsync((await StartAsync(visitor, "GitHub")).Location!);
        var copy = visitor.Copy();
        Assert.StartsWith("/account/external", (await visitor.GetAsync(way2)).LocalPath, StringComparison.Ordinal);
        await AssertFailedAsync(copy, await copy.GetAsync(way2));
    }

    [Fact]
    public async Task Somebody_whom_the_provider_does_not_name_is_refused()
    {
        using var visitor = new AccountVisitor(_blog);
        var way = await AgreeAsync((await StartAsync(visitor, "Google")).Location!);
        _provider.FailQuestions = 503;

        await AssertFailedAsync(visitor, await visitor.GetAsync(way));
    }

    [Fact]
    public async Task Only_providers_with_a_client_id_are_offered()
    {
        await using var blog = await TestBlog.StartAsync(options => _provider.Offer(options, "Naver"));
        using var visitor = new AccountVisitor(blog);
        foreach (var path in new[] { "/account/login", "/account/register" })
        {
            var page = await visitor.GetAsync(path);
            Assert.Equal("Naver", Assert.Single(Providers(page)));
            Assert.Contains("Continue with NAVER", page.Html, StringComparison.Ordinal);
        }

        var login = await visitor.GetAsync("/account/login");
        var token = AccountResponse.FieldsOf(login.Form("login")!)["__RequestVerificationToken"];
        foreach (var provider in new[] { "Google", "", "naver", "Identity.Application" })
        {
            var answer = await visitor.PostAsync("/account/external/start", new Dictionary<string, string> { ["Provider"] = provider, ["__RequestVerificationToken"] = token });
            answer.MustBe(HttpStatusCode.NotFound);
        }

        (await visitor.GetAsync("/account/external/callback/google?code=x&state=x")).MustBe(HttpStatusCode.NotFound);
        await using var plain = await TestBlog.StartAsync();
        using var reader = new AccountVisitor(plain);
        Assert.Empty(Providers(await reader.GetAsync("/account/login")));
        Assert.Empty(Providers(await reader.GetAsync("/account/register")));
    }

    public async ValueTask DisposeAsync()
    {
        await _blog.DisposeAsync();
        await _provider.DisposeAsync();
    }

    private PersonThere NewPerson(bool isVerified = true)
    {
        var number = Interlocked.Increment(ref _lastPerson);
        return _provider.Person = new PersonThere(number, $"Mina {number}", $"mina-{number}@example.com", isVerified);
    }

    private static IEnumerable<string> Providers(AccountResponse page) =>
        page.Forms.Where(form => form.GetAttribute("action") == "/account/external/start").Select(form => AccountResponse.FieldsOf(form)["Provider"]);

    /// <summary>Presses the button of a provider.</summary>
    private static async Task<AccountResponse> StartAsync(AccountVisitor visitor, string provider, string? returnUrl = null)
    {
        var page = await visitor.GetAsync(LocalUrl.With("/account/login", returnUrl));
        return await visitor.SubmitAsync(page, page.Forms.Single(form => AccountResponse.FieldsOf(form).GetValueOrDefault("Provider") == provider));
    }

    /// <summary>Agrees at the provider.</summary>
    /// <returns>Where it sends the browser.</returns>
    private static async Task<string> AgreeAsync(string location)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await http.GetAsync(location, TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Found, $"The provider refused {location}");
        return answer.Headers.Location!.PathAndQuery;
    }

    private static async Task<string> ThereAndBackAsync(AccountVisitor visitor, AccountResponse start)
    {
        var back = await visitor.GetAsync(await AgreeAsync(start.Location!));
        Assert.StartsWith("/account/external", back.LocalPath, StringComparison.Ordinal);
        return back.LocalPath!;
    }

    /// <summary>Signs in at the provider and comes to the page that says what follows.</summary>
    private static async Task<AccountResponse> ReturnAsync(AccountVisitor visitor, string provider, string? returnUrl) =>
        await visitor.GetAsync(await ThereAndBackAsync(visitor, await StartAsync(visitor, provider, returnUrl)));

    private static async Task<AccountResponse> ComeBackAsync(AccountVisitor visitor, string provider, string? returnUrl = null)
    {
        var page = (await ReturnAsync(visitor, provider, returnUrl)).MustBe(HttpStatusCode.OK);
        Assert.NotNull(page.Form("external"));
        return page;
    }

    private static async Task AssertFailedAsync(AccountVisitor visitor, AccountResponse answer)
    {
        answer.MustLeadTo("/account/login?failed=external");
        Assert.Equal(Failure, (await visitor.GetAsync(answer.LocalPath!)).Errors);
        Assert.DoesNotContain("blog_external", visitor.Cookies.Keys);
        Assert.False(await visitor.IsSignedInAsync());
    }

    private static string Query(string url, string name) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(url).Query)[name].ToString();

    private Task<List<BlogUser>> UsersAsync(string email) => _blog.ReadAsync(db => db.Users.AsNoTracking().Where(user => user.Email == email).ToListAsync());

    private async Task<List<(string Provider, string Key)>> LoginsAsync(BlogUser user) =>
        [.. (await _blog.ReadAsync(db => db.Set<IdentityUserLogin<Guid>>().Where(login => login.UserId == user.Id).ToListAsync())).Select(login => (login.LoginProvider, login.ProviderKey))];
}
