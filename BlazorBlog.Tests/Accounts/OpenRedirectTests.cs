using BlazorBlog.Support;

namespace BlazorBlog.Accounts;

/// <summary>A link to the blog's own sign-in page must not lead to somebody else's, however it is spelled.</summary>
public sealed class OpenRedirectTests(BlogFixture fixture) : IClassFixture<BlogFixture>
{
    private const string Local = "/posts/slow-coffee?sort=newest&x=1#comments";

    private static readonly string[] Evil =
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "https://evil.example",
        "https:evil.example",
        "http:/evil.example",
        "HTTPS://evil.example/account",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "/%09/evil.example",
        "/%2F/evil.example",
        "/.//evil.example",
        "/..//evil.example",
        "/@evil.example",
        "@evil.example",
        ".evil.example",
        "evil.example",
        "?//evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "/\u0000/evil.example",
        "\u0001//evil.example",
        " //evil.example",
        "/ /evil.example",
        "data:text/html,evil",
        "//blog.example@evil.example",
        "//evil%2Eexample",
        "/\u2028/evil.example",
        "\uFF0F\uFF0Fevil.example",
    ];

    private readonly TestBlog _blog = fixture.Blog;

    [Fact]
    public async Task No_form_to_sign_in_leads_out()
    {
        var user = await AccountVisitor.AddAsync(_blog);
        using var secured = await AccountVisitor.SignedInAsync(_blog);
        await secured.EnableTwoFactorAsync();
        foreach (var url in Evil.Append(""))
        {
            using var visitor = new AccountVisitor(_blog);
            using var halfway = new AccountVisitor(_blog);
            AssertInside(url, await visitor.SignInAsync(user, page: With("/account/login", url)));
            // Somebody who is signed in is sent on at once.
            AssertInside(url, await visitor.GetAsync(With("/account/login", url)));
            AssertInside(url, await visitor.SubmitAsync(With("/account/logout", url), "logout"));
            AssertInside(url, await halfway.SignInAsync(secured.User, page: With("/account/login", url)));
        }
    }

    [Fact]
    public async Task No_second_step_leads_out()
    {
        using var owner = await AccountVisitor.SignedInAsync(_blog);
        var (_, recovery) = await owner.EnableTwoFactorAsync();
        var codes = new Queue<string>(recovery);
        foreach (var url in Evil.Take(recovery.Count))
        {
            using var visitor = new AccountVisitor(_blog);
            await visitor.SignInAsync(owner.User);
            AssertInside(url, await visitor.SubmitAsync(With("/account/login/two-factor", url), "second-factor", ("Code", codes.Dequeue())));
            Assert.True(await visitor.IsSignedInAsync());
        }
    }

    [Fact]
    public async Task No_mailed_code_leads_out()
    {
        foreach (var url in Evil)
        {
            using var visitor = new AccountVisitor(_blog);
            var email = $"{Guid.NewGuid():N}@example.com";
            await visitor.SubmitAsync(With("/account/register", url), "register", ("Name", "Mina"), ("Email", email), ("Password", AccountVisitor.Password));
            AssertInside(url, await visitor.SubmitAsync("/account/code", "code", ("Code", AccountVisitor.CodeIn(await visitor.MailAsync(email)))));
            Assert.True(await visitor.IsSignedInAsync());
        }
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData("/account/login/code")]
    [InlineData("/account/login/two-factor")]
    [InlineData("/account/register")]
    [InlineData("/account/forgot")]
    [InlineData("/account/code")]
    [InlineData("/account/external")]
    [InlineData("/account/logout")]
    [InlineData("/account/two-factor")]
    [InlineData("/account/security")]
    [InlineData("/account")]
    [InlineData("/account/denied")]
    public async Task No_link_of_a_page_leads_out(string path)
    {
        using var visitor = new AccountVisitor(_blog);
        using var signedIn = await AccountVisitor.SignedInAsync(_blog);
        foreach (var url in Evil)
        {
            foreach (var page in new[] { await visitor.GetAsync(With(path, url)), await signedIn.GetAsync(With(path, url)) })
            {
                AssertInside(url, page);
                foreach (var address in page.Document.QuerySelectorAll("a[href], form[action], link[rel=canonical]").Select(link => link.GetAttribute("href") ?? link.GetAttribute("action")!))
                {
                    AssertInside(url, address, page.Path);
                }
            }
        }
    }

    [Fact]
    public async Task After_two_factors_are_on_no_link_leads_out()
    {
        foreach (var (url, expected) in new[] { ("//evil.example", "/account/security"), (Local, Local) })
        {
            using var visitor = await AccountVisitor.SignedInAsync(_blog);
            var setup = await visitor.GetAsync(With("/account/two-factor", url));

            var page = await visitor.SubmitAsync(setup, setup.Form("two-factor")!, ("Code", AuthenticatorApp.Code(setup.Document.QuerySelector("code")!.TextContent)));

            Assert.Equal(expected, page.Document.QuerySelector("main a.primary")!.GetAttribute("href"));
        }
    }

    [Fact]
    public async Task A_place_within_the_blog_is_found_again_with_query_and_fragment()
    {
        using var visitor = new AccountVisitor(_blog);
        var user = await AccountVisitor.AddAsync(_blog);
        (await visitor.SignInAsync(user, page: With("/account/login", Local))).MustLeadTo(Local);
        (await visitor.GetAsync(With("/account/login", Local))).MustLeadTo(Local);
        (await visitor.SubmitAsync(With("/account/logout", Local), "logout")).MustLeadTo(Local);
        (await visitor.SignInByCodeAsync(user, With("/account/login/code", Local))).MustLeadTo(Local);
        await visitor.SubmitAsync("/account/logout", "logout");

        // Through the pages beside it, too.
        var login = await visitor.GetAsync(With("/account/login", Local));
        var register = await visitor.GetAsync(login.Document.QuerySelector("a[href^='/account/register']")!.GetAttribute("href")!);
        var email = $"{Guid.NewGuid():N}@example.com";
        (await visitor.SubmitAsync(register, register.Form("register")!, ("Name", "Mina"), ("Email", email), ("Password", AccountVisitor.Password))).MustLeadTo("/account/code");
        (await visitor.SubmitAsync(AccountVisitor.LinkIn(await visitor.MailAsync(email), "/account/confirm/"), "confirm")).MustLeadTo(Local);
    }

    private static string With(string path, string returnUrl) => $"{path}?returnUrl={Uri.EscapeDataString(returnUrl)}";

    private void AssertInside(string url, AccountResponse answer)
    {
        if (answer.Location is { } location)
        {
            AssertInside(url, location, answer.Path);
        }
    }

    /// <summary>Reads an address as browsers do (WHATWG URL): they mend what they get, and drop tabs and line breaks.</summary>
    private void AssertInside(string url, string address, string path)
    {
        var there = new AngleSharp.Dom.Url(new AngleSharp.Dom.Url(new Uri(_blog.Address, path).AbsoluteUri), string.Concat(address.Trim().Where(c => c is not ('\t' or '\n' or '\r'))).Replace('\\', '/'));
        Assert.True(there.Host == _blog.Address.Authority && there.Scheme == "http", $"{path} with '{url}' leads to '{address}', which is {there.Href}");
    }
}
