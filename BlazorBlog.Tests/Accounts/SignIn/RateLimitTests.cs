using System.Globalization;
using System.Net;
using BlazorBlog.Hosting;
using BlazorBlog.Support;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>Whatever can be used to guess, or makes the blog write to somebody, has a limit, and says when to come back.</summary>
public sealed class RateLimitTests
{
    private const string Address = "mina@example.com";

    private const int Guesses = 3;

    private const int Mails = 2;

    [Fact]
    public async Task Passwords_at_the_sign_in_page_are_limited()
    {
        await using var blog = await StartAsync();
        using var visitor = new AccountVisitor(blog);

        var answer = await RepeatAsync(Guesses, () => visitor.SubmitAsync("/account/login", "login", ("Email", Address), ("Password", "a secret guess")));

        AssertLimited(answer, "login", ("Email", Address), ("Password", ""));
        Assert.DoesNotContain("a secret guess", answer.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passkeys_are_limited_and_so_are_the_questions_for_them()
    {
        await using var blog = await StartAsync();
        using var visitor = new AccountVisitor(blog);

        var answer = await RepeatAsync(Guesses, () => visitor.SubmitAsync("/account/login", "passkey", ("Credential", "{}")));
        var token = AccountResponse.FieldsOf((await visitor.GetAsync("/account/login")).Form("login")!)["__RequestVerificationToken"];
        var options = await visitor.PostAsync("/account/passkeys/sign-in-options", new Dictionary<string, string> { ["__RequestVerificationToken"] = token });

        AssertLimited(answer, "passkey");
        options.MustBe(HttpStatusCode.TooManyRequests);
        AssertSays(options, 60 / Guesses);
    }

    [Fact]
    public async Task Codes_from_the_mail_are_limited()
    {
        await using var blog = await StartAsync();
        using var visitor = new AccountVisitor(blog);
        await visitor.SubmitAsync("/account/login/code", "ask-code", ("Email", Address));

        var answer = await RepeatAsync(Guesses, () => visitor.SubmitAsync("/account/code", "code", ("Code", "12")));

        AssertLimited(answer, "code");
    }

    [Fact]
    public async Task Second_factors_are_limited()
    {
        await using var blog = await StartAsync(guesses: Guesses + 2);
        using var owner = await AccountVisitor.SignedInAsync(blog);
        await owner.EnableTwoFactorAsync();
        // Two guesses are spent by now; the limit counts networks, not people.
        using var visitor = new AccountVisitor(blog);
        await visitor.SignInAsync(owner.User);

        var answer = await RepeatAsync(Guesses - 1, () => visitor.SubmitAsync("/account/login/two-factor", "second-factor", ("Code", "12")));

        AssertLimited(answer, "second-factor", seconds: 60 / (Guesses + 2));
    }

    [Fact]
    public async Task The_password_of_a_link_in_another_browser_is_limited()
    {
        await using var blog = await StartAsync();
        using var visitor = new AccountVisitor(blog);
        using var other = new AccountVisitor(blog);
        await RegisterAsync(visitor, Address);
        var link = AccountVisitor.LinkIn(await visitor.MailAsync(Address), "/account/confirm/");

        var answer = await RepeatAsync(Guesses, () => other.SubmitAsync(link, "confirm", ("Password", "a secret guess")));

        AssertLimited(answer, "confirm", ("Password", ""));
    }

    [Fact]
    public async Task Signing_up_is_limited_by_mailbox_and_keeps_what_was_typed()
    {
        await using var blog = await StartAsync();
        using var visitor = new AccountVisitor(blog);

        // However the address is written.
        var answer = await RepeatAsync(Mails, () => RegisterAsync(visitor, Address), () => RegisterAsync(visitor, "MINA@Example.com"));
        var elsewhere = await RegisterAsync(visitor, "joon@example.com");

        AssertLimited(answer, "register", seconds: 3600 / Mails, ("Name", "Mina"), ("Email", "MINA@Example.com"), ("Password", ""));
        Assert.DoesNotContain(AccountVisitor.Password, answer.Html, StringComparison.Ordinal);
        elsewhere.MustLeadTo("/account/code");
    }

    [Theory]
    [InlineData("/account/login/code", "ask-code")]
    [InlineData("/account/forgot", "forgot")]
    public async Task Asking_for_a_mail_is_limited_by_mailbox_whether_it_has_an_account_or_not(string path, string form)
    {
        await using var blog = await StartAsync();
        using var visitor = new AccountVisitor(blog);
        var known = await AccountVisitor.AddAsync(blog);
        foreach (var address in new[] { Address, known.Email! })
        {
            var answer = await RepeatAsync(Mails, () => visitor.SubmitAsync(path, form, ("Email", address)));

            AssertLimited(answer, form, seconds: 3600 / Mails, ("Email", address));
        }
    }

    [Fact]
    public async Task Strangers_cannot_use_up_the_mails_that_the_owner_may_ask_for()
    {
        await using var blog = await StartAsync();
        var known = await AccountVisitor.AddAsync(blog);
        using var stranger = new AccountVisitor(blog) { Network = "203.0.113.7" };
        using var owner = new AccountVisitor(blog) { Network = "198.51.100.7" };

        var refused = await RepeatAsync(Mails, () => stranger.SubmitAsync("/account/forgot", "forgot", ("Email", known.Email!)));
        var answer = await owner.SubmitAsync("/account/forgot", "forgot", ("Email", known.Email!));

        refused.MustBe(HttpStatusCode.TooManyRequests);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, answer.Status);
    }

    [Fact]
    public void All_networks_together_cannot_fill_a_mailbox()
    {
        using var limiter = new AccountRateLimiter(new RateLimitSettings { AccountMailsPerHour = Mails });
        bool Ask(int network, string mailbox) => limiter.TryMail(new IPAddress([203, 0, 113, (byte)network]), mailbox, out _);

        for (var mail = 0; mail < Mails * 6; mail++)
        {
            Assert.True(Ask(mail, Address));
        }

        Assert.False(Ask(100, Address));
        Assert.True(Ask(100, "joon@example.com"));
    }

    [Fact]
    public async Task A_new_code_is_limited_together_with_the_first_one()
    {
        await using var blog = await StartAsync();
        using var visitor = new AccountVisitor(blog);
        await visitor.SubmitAsync("/account/login/code", "ask-code", ("Email", Address));

        var answer = await RepeatAsync(Mails - 1, () => visitor.SubmitAsync("/account/code", "repeat"));

        AssertLimited(answer, "repeat", seconds: 3600 / Mails);
    }

    [Fact]
    public async Task One_network_cannot_write_to_many_mailboxes()
    {
        await using var blog = await StartAsync();
        using var visitor = new AccountVisitor(blog);
        var number = 0;

        var answer = await RepeatAsync(Mails * 6, () => visitor.SubmitAsync("/account/forgot", "forgot", ("Email", $"nobody-{number++}@example.com")));

        AssertLimited(answer, "forgot", seconds: 3600 / (Mails * 6));
    }

    [Theory]
    [InlineData("email", "OwnPassword")]
    [InlineData("password", "Current")]
    public async Task Whoever_finds_an_open_browser_does_not_guess_the_password_there(string form, string field)
    {
        await using var blog = await StartAsync(guesses: Guesses + 1);
        using var visitor = await AccountVisitor.SignedInAsync(blog);

        var answer = await RepeatAsync(Guesses, () => visitor.SubmitAsync("/account/security", form, ("Email", "not an address"), (field, "a secret guess")));

        AssertLimited(answer, form, seconds: 60 / (Guesses + 1), (field, ""));
        Assert.DoesNotContain("a secret guess", answer.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_address_is_limited_by_mailbox()
    {
        await using var blog = await StartAsync(guesses: 20);
        using var visitor = await AccountVisitor.SignedInAsync(blog);

        var answer = await RepeatAsync(Mails, () => visitor.SubmitAsync("/account/security", "email", ("Email", Address), ("OwnPassword", AccountVisitor.Password)));

        AssertLimited(answer, "email", seconds: 3600 / Mails, ("Email", Address), ("OwnPassword", ""));
    }

    [Theory]
    [InlineData("codes", "CodesCode")]
    [InlineData("two-factor-off", "OffCode")]
    public async Task Codes_at_the_security_page_are_limited(string form, string field)
    {
        await using var blog = await StartAsync(guesses: Guesses + 2);
        using var visitor = await AccountVisitor.SignedInAsync(blog);
        await visitor.EnableTwoFactorAsync();

        var answer = await RepeatAsync(Guesses, () => visitor.SubmitAsync("/account/security", form, (field, "12")));

        AssertLimited(answer, form, seconds: 60 / (Guesses + 2));
    }

    [Fact]
    public async Task Codes_that_turn_two_factors_on_are_limited()
    {
        await using var blog = await StartAsync(guesses: Guesses + 1);
        using var visitor = await AccountVisitor.SignedInAsync(blog);

        var answer = await RepeatAsync(Guesses, () => visitor.SubmitAsync("/account/two-factor", "two-factor", ("Code", "12")));

        AssertLimited(answer, "two-factor", seconds: 60 / (Guesses + 1));
    }

    [Fact]
    public async Task The_proof_before_an_account_is_deleted_is_limited()
    {
        await using var blog = await StartAsync(guesses: Guesses + 1);
        using var visitor = await AccountVisitor.SignedInAsync(blog);

        var answer = await RepeatAsync(Guesses, () => visitor.SubmitAsync("/account/data", "delete", ("Proof", "a secret guess"), ("Comments", "remove")));

        AssertLimited(answer, "delete", seconds: 60 / (Guesses + 1), ("Comments", "remove"), ("Proof", ""));
        Assert.True(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task Pictures_are_limited_by_account()
    {
        await using var blog = await StartAsync();
        using var visitor = await AccountVisitor.SignedInAsync(blog);
        using var other = await AccountVisitor.SignedInAsync(blog);

        var answer = await RepeatAsync(20, () => UploadAsync(visitor));
        var others = await UploadAsync(other);

        answer.MustBe(HttpStatusCode.TooManyRequests);
        AssertSays(answer, 3600 / 20);
        others.MustBe(HttpStatusCode.UnprocessableEntity);

        static async Task<AccountResponse> UploadAsync(AccountVisitor visitor)
        {
            using var form = new MultipartFormDataContent();
            foreach (var (name, value) in AccountResponse.FieldsOf((await visitor.GetAsync("/account")).Form("picture")!))
            {
                form.Add(new StringContent(value), name);
            }

            form.Add(new ByteArrayContent("no picture"u8.ToArray()), "Picture", "picture.png");
            return await visitor.SendAsync(HttpMethod.Post, "/account", form);
        }
    }

    private static Task<TestBlog> StartAsync(int guesses = Guesses) => TestBlog.StartAsync(options =>
    {
        options.Settings["RateLimits:Enabled"] = "true";
        options.Settings["RateLimits:SignInsPerMinute"] = guesses.ToString(CultureInfo.InvariantCulture);
        options.Settings["RateLimits:AccountMailsPerHour"] = Mails.ToString(CultureInfo.InvariantCulture);
    });

    private static Task<AccountResponse> RegisterAsync(AccountVisitor visitor, string email) =>
        visitor.SubmitAsync("/account/register", "register", ("Name", "Mina"), ("Email", email), ("Password", AccountVisitor.Password));

    /// <summary>Does something as often as it is allowed, and once more.</summary>
    private static async Task<AccountResponse> RepeatAsync(int allowed, Func<Task<AccountResponse>> act, Func<Task<AccountResponse>>? last = null)
    {
        for (var time = 0; time < allowed; time++)
        {
            var answer = await act();
            Assert.True(answer.Status != HttpStatusCode.TooManyRequests, $"Limited at time {time + 1} already.");
        }

        return await (last ?? act)();
    }

    private static void AssertLimited(AccountResponse answer, string form, params (string Name, string Value)[] kept) => AssertLimited(answer, form, 60 / Guesses, kept);

    private static void AssertLimited(AccountResponse answer, string form, int seconds, params (string Name, string Value)[] kept)
    {
        answer.MustBe(HttpStatusCode.TooManyRequests);
        AssertSays(answer, seconds);
        Assert.Contains("That was a lot at once.", answer.Errors, StringComparison.Ordinal);
        var fields = AccountResponse.FieldsOf(answer.Form(form)!);
        foreach (var (name, value) in kept)
        {
            Assert.Equal(value, fields[name]);
        }
    }

    private static void AssertSays(AccountResponse answer, int seconds)
    {
        Assert.True(answer.RetryAfter is not null, $"{answer.Path} does not say when to come back.");
        Assert.InRange(int.Parse(answer.RetryAfter, CultureInfo.InvariantCulture), 1, seconds);
    }
}
