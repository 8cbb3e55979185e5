using System.Net;
using System.Text.Json;
using BlazorBlog.Data;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>Signing in and out, and what ends a sign-in, as browsers without scripts see it.</summary>
public sealed class SignInTests(BlogFixture fixture, PostgreSqlServer postgres) : IClassFixture<BlogFixture>
{
    private const string NewPassword = "eleven green umbrellas";

    private readonly TestBlog _blog = fixture.Blog;

    [Fact]
    public async Task A_new_account_is_there_once_its_mailbox_has_answered()
    {
        using var visitor = new AccountVisitor(_blog);
        var email = NewAddress();

        (await RegisterAsync(visitor, email, "/account/register?returnUrl=%2Ftags%2Ftea")).MustLeadTo("/account/code");
        Assert.Null(await FindAsync(email));
        var mail = await visitor.MailAsync(email);
        (await visitor.SubmitAsync("/account/code", "code", ("Code", $" {AccountVisitor.CodeIn(mail)[..3]} {AccountVisitor.CodeIn(mail)[3..]}"))).MustLeadTo("/tags/tea");

        Assert.True(await visitor.IsSignedInAsync());
        var user = await FindAsync(email);
        Assert.Equal(("Mina", true), (user!.DisplayName, user.EmailConfirmed));
        using var later = new AccountVisitor(_blog);
        (await later.SignInAsync(user)).MustLeadTo("/");
        // Both the code and the link are used up.
        Assert.Null((await visitor.GetAsync("/account/code")).Form("code"));
        (await later.GetAsync(AccountVisitor.LinkIn(mail, "/account/confirm/"))).MustBe(HttpStatusCode.Gone);
    }

    [Theory]
    [InlineData("\uFFFE")]
    [InlineData("\0")]
    [InlineData("\uFFFF\u0001")]
    public async Task Characters_that_no_text_may_have_break_neither_signing_in_nor_signing_up(string character)
    {
        using var visitor = new AccountVisitor(_blog);
        var user = await AccountVisitor.AddAsync(_blog);
        var email = NewAddress();

        (await visitor.SubmitAsync("/account/login", "login", ("Email", $"nobody{character}@example.com"), ("Password", "x"))).MustBe(HttpStatusCode.UnprocessableEntity);
        (await visitor.SubmitAsync("/account/login", "login", ("Email", user.Email + character), ("Password", AccountVisitor.Password))).MustLeadTo("/");
        using var other = new AccountVisitor(_blog);
        (await other.SubmitAsync("/account/register", "register", ("Name", "Mi" + character + "na"), ("Email", email), ("Password", AccountVisitor.Password))).MustLeadTo("/account/code");
        await other.SubmitAsync("/account/code", "code", ("Code", AccountVisitor.CodeIn(await other.MailAsync(email))));
        Assert.Equal("Mina", (await FindAsync(email))!.DisplayName);
    }

    [Theory]
    [InlineData("\u2800")]
    [InlineData("\uFFA0\uFE0F")]
    [InlineData("\u0301")]
    public async Task Nobody_signs_up_or_is_renamed_to_a_name_that_nobody_sees(string name)
    {
        using var visitor = new AccountVisitor(_blog);
        (await visitor.SubmitAsync("/account/register", "register", ("Name", name), ("Email", NewAddress()), ("Password", AccountVisitor.Password))).MustBe(HttpStatusCode.UnprocessableEntity);

        using var member = await AccountVisitor.SignedInAsync(_blog);
        (await member.SubmitAsync("/account", "profile", ("Name", name))).MustBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_new_account_is_confirmed_by_the_link_in_the_same_browser()
    {
        using var visitor = new AccountVisitor(_blog);
        var email = NewAddress();
        await RegisterAsync(visitor, email);
        var link = AccountVisitor.LinkIn(await visitor.MailAsync(email), "/account/confirm/");

        (await visitor.SubmitAsync(link, "confirm")).MustLeadTo("/");

        Assert.True(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task In_another_browser_the_link_takes_the_password_that_was_chosen()
    {
        using var attacker = new AccountVisitor(_blog);
        using var owner = new AccountVisitor(_blog);
        var email = NewAddress();
        await RegisterAsync(attacker, email);
        var link = AccountVisitor.LinkIn(await attacker.MailAsync(email), "/account/confirm/");

        (await owner.SubmitAsync(link, "confirm", ("Password", "what could it be"))).MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.Null(await FindAsync(email));
        (await owner.SubmitAsync(link, "confirm", ("Password", AccountVisitor.Password))).MustLeadTo("/");

        Assert.True(await owner.IsSignedInAsync());
        Assert.False(await attacker.IsSignedInAsync());
    }

    [Fact]
    public async Task A_code_is_guessed_five_times_and_then_worth_nothing()
    {
        using var visitor = new AccountVisitor(_blog);
        var user = await AccountVisitor.AddAsync(_blog);
        await visitor.SubmitAsync("/account/login/code", "ask-code", ("Email", user.Email!));
        var code = AccountVisitor.CodeIn(await visitor.MailAsync(user.Email!));
        for (var guess = 0; guess < 5; guess++)
        {
            (await visitor.SubmitAsync("/account/code", "code", ("Code", code == "000000" ? "000001" : "000000"))).MustBe(HttpStatusCode.UnprocessableEntity);
        }

        (await visitor.SubmitAsync("/account/code", "code", ("Code", code))).MustBe(HttpStatusCode.UnprocessableEntity);

        Assert.False(await visitor.IsSignedInAsync());
        await visitor.SubmitAsync("/account/code", "repeat");
        (await visitor.SubmitAsync("/account/code", "code", ("Code", AccountVisitor.CodeIn(await visitor.MailAsync(user.Email!))))).MustLeadTo("/");
    }

    [Fact]
    public async Task A_code_opens_nothing_in_another_browser()
    {
        using var visitor = new AccountVisitor(_blog);
        using var thief = new AccountVisitor(_blog);
        var user = await AccountVisitor.AddAsync(_blog);
        var other = await AccountVisitor.AddAsync(_blog);
        await visitor.SubmitAsync("/account/login/code", "ask-code", ("Email", user.Email!));
        await thief.SubmitAsync("/account/login/code", "ask-code", ("Email", other.Email!));
        var code = AccountVisitor.CodeIn(await visitor.MailAsync(user.Email!));
        if (code == AccountVisitor.CodeIn(await thief.MailAsync(other.Email!)))
        {
            return;
        }

        (await thief.SubmitAsync("/account/code", "code", ("Code", code))).MustBe(HttpStatusCode.UnprocessableEntity);

        Assert.False(await thief.IsSignedInAsync());
        (await visitor.SubmitAsync("/account/code", "code", ("Code", code))).MustLeadTo("/");
    }

    [Fact]
    public async Task A_code_is_good_for_half_an_hour()
    {
        var clock = FakeClock.Running(TimeProvider.System.GetUtcNow());
        await using var blog = await TestBlog.StartAsync(options => options.Time = clock);
        using var visitor = new AccountVisitor(blog);
        var user = await AccountVisitor.AddAsync(blog);
        await visitor.SubmitAsync("/account/login/code", "ask-code", ("Email", user.Email!));
        await visitor.MailAsync(user.Email!);
        clock.Advance(TimeSpan.FromMinutes(29));
        Assert.NotNull((await visitor.GetAsync("/account/code")).Form("code"));

        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null((await visitor.GetAsync("/account/code")).Form("code"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_does_not_want_to_be_remembered_gets_a_cookie_of_this_session(bool remember)
    {
        using var visitor = new AccountVisitor(_blog);

        var answer = await visitor.SignInAsync(await AccountVisitor.AddAsync(_blog), remember: remember);
        var changed = await visitor.SubmitAsync("/account/security", "password", ("Current", AccountVisitor.Password), ("Password", NewPassword));

        answer.MustLeadTo("/");
        changed.MustLeadTo("/account/security?done=password");
        foreach (var cookies in new[] { answer.Cookies, changed.Cookies })
        {
            var cookie = Assert.Single(cookies, cookie => cookie.StartsWith("blog_signin=", StringComparison.Ordinal));
            Assert.Equal(remember, cookie.Contains("expires=", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task After_several_wrong_passwords_the_right_one_is_refused_and_a_mailed_code_works()
    {
        using var attacker = new AccountVisitor(_blog);
        using var owner = new AccountVisitor(_blog);
        var user = await AccountVisitor.AddAsync(_blog);
        var before = await SignedInElsewhereAsync(user);
        await FailAsync(attacker, user);

        (await owner.SignInAsync(user)).MustBe(HttpStatusCode.UnprocessableEntity);
        // Who is in, stays in.
        Assert.True(await before.IsSignedInAsync());
        (await owner.SignInByCodeAsync(user)).MustLeadTo("/");

        // Proof of the mailbox opens the other door too.
        using var later = new AccountVisitor(_blog);
        (await later.SignInAsync(user)).MustLeadTo("/");
    }

    [Fact]
    public async Task A_stranger_in_another_network_locks_nobody_out()
    {
        using var attacker = new AccountVisitor(_blog) { Network = "203.0.113.7" };
        using var owner = new AccountVisitor(_blog) { Network = "198.51.100.7" };
        var user = await AccountVisitor.AddAsync(_blog);
        await FailAsync(attacker, user);

        (await attacker.SignInAsync(user)).MustBe(HttpStatusCode.UnprocessableEntity);
        (await owner.SignInAsync(user)).MustLeadTo("/");
    }

    [Fact]
    public async Task Where_the_database_knows_an_address_by_other_spellings_they_are_counted_together()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Services = services => services.AddScoped<IUserStore<BlogUser>, FoldingStore>());
        using var attacker = new AccountVisitor(blog);
        var user = await AccountVisitor.AddAsync(blog, change: user => user.Email = $"smith-{Guid.NewGuid():N}@example.com");
        for (var failure = 0; failure < PasswordFailures.MaxFailures; failure++)
        {
            var spelling = user.Email![..failure] + (char)(user.Email[failure] - '!' + '！') + user.Email[(failure + 1)..];
            await attacker.SubmitAsync("/account/login", "login", ("Email", spelling), ("Password", "not the right one"));
        }

        (await attacker.SignInAsync(user)).MustBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("https://blog.example", "blog.example")]
    [InlineData(null, null)]
    public async Task Passkeys_belong_to_the_public_address_where_one_is_set(string? address, string? domain)
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["Site:BaseUrl"] = address ?? "");

        Assert.Equal(domain, blog.Services.GetRequiredService<IOptions<IdentityPasskeyOptions>>().Value.ServerDomain);
    }

    [Fact]
    public async Task The_password_opens_again_after_a_while()
    {
        var clock = FakeClock.Running(TimeProvider.System.GetUtcNow());
        await using var blog = await TestBlog.StartAsync(options => options.Time = clock);
        using var visitor = new AccountVisitor(blog);
        var user = await AccountVisitor.AddAsync(blog);
        await FailAsync(visitor, user);
        clock.Advance(PasswordFailures.LockoutTime - TimeSpan.FromSeconds(10));
        (await visitor.SignInAsync(user)).MustBe(HttpStatusCode.UnprocessableEntity);

        clock.Advance(TimeSpan.FromSeconds(10));

        (await visitor.SignInAsync(user)).MustLeadTo("/");
    }

    [Fact]
    public async Task A_wrong_password_writes_nothing_about_the_account_and_is_counted_however_the_address_is_spelled()
    {
        var user = await AccountVisitor.AddAsync(_blog, change: user => user.Email = $"smith-{Guid.NewGuid():N}@example.com");
        using var attacker = new AccountVisitor(_blog);
        string[] spellings = [user.Email!, user.Email!.ToUpperInvariant(), $" {user.Email!.Replace("smith", "Smith", StringComparison.Ordinal)} "];
        for (var failure = 0; failure < PasswordFailures.MaxFailures; failure++)
        {
            await attacker.SubmitAsync("/account/login", "login", ("Email", spellings[failure % 3]), ("Password", "not the right one"));
        }

        (await attacker.SignInAsync(user)).MustBe(HttpStatusCode.UnprocessableEntity);
        var row = await ReadAsync(user);
        Assert.Equal((0, null, user.ConcurrencyStamp), (row.AccessFailedCount, row.LockoutEnd, row.ConcurrencyStamp));
    }

    [Fact]
    public async Task A_closed_account_opens_by_no_door()
    {
        var user = await AccountVisitor.AddAsync(_blog);
        using var inside = await SignedInElsewhereAsync(user);
        // For a month, as an administrator might.
        await ChangeAsync(user, known => known.LockoutEnd = _blog.Time.GetUtcNow().AddDays(30));
        using var visitor = new AccountVisitor(_blog);

        Assert.False(await inside.IsSignedInAsync());
        (await visitor.SignInAsync(user)).MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("This account is closed.", (await visitor.SignInByCodeAsync(user)).Errors);
        await visitor.SubmitAsync("/account/forgot", "forgot", ("Email", user.Email!));
        var link = AccountVisitor.LinkIn(await visitor.MailAsync(user.Email!), "/account/reset/");
        await visitor.SubmitAsync(link, "reset", ("Password", NewPassword));
        (await visitor.SignInAsync(user, NewPassword)).MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.False(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task Two_factors_ask_for_a_code_of_the_app_which_opens_once()
    {
        using var owner = await AccountVisitor.SignedInAsync(_blog);
        var (secret, _) = await owner.EnableTwoFactorAsync();
        Assert.True(await owner.IsSignedInAsync());
        Assert.Equal("Two-step verification was turned on", (await owner.MailAsync(owner.Email)).Subject);
        var (first, second) = (AuthenticatorApp.Code(secret), AuthenticatorApp.Code(secret, 1));
        using var visitor = new AccountVisitor(_blog);
        using var thief = new AccountVisitor(_blog);

        (await visitor.SignInAsync(owner.User, page: "/account/login?returnUrl=%2Ftags%2Ftea")).MustLeadTo("/account/login/two-factor?returnUrl=%2Ftags%2Ftea&remember=true");
        Assert.False(await visitor.IsSignedInAsync());
        (await SecondAsync(visitor, "111111" == second ? "111112" : "111111")).MustBe(HttpStatusCode.UnprocessableEntity);
        // The code that turned it on has been used.
        (await SecondAsync(visitor, first)).MustBe(HttpStatusCode.UnprocessableEntity);
        (await SecondAsync(visitor, second)).MustLeadTo("/");
        Assert.True(await visitor.IsSignedInAsync());

        await thief.SignInAsync(owner.User);
        (await SecondAsync(thief, second)).MustBe(HttpStatusCode.UnprocessableEntity);
        // Nor does an earlier one, as long as the app's clock would still allow it.
        (await SecondAsync(thief, first)).MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.False(await thief.IsSignedInAsync());
    }

    [Fact]
    public async Task A_recovery_code_opens_once()
    {
        using var owner = await AccountVisitor.SignedInAsync(_blog);
        var (_, recovery) = await owner.EnableTwoFactorAsync();
        using var visitor = new AccountVisitor(_blog);
        using var thief = new AccountVisitor(_blog);

        await visitor.SignInAsync(owner.User);
        (await SecondAsync(visitor, $" {recovery[0].ToLowerInvariant()} ")).MustLeadTo("/");
        await thief.SignInAsync(owner.User);
        (await SecondAsync(thief, recovery[0])).MustBe(HttpStatusCode.UnprocessableEntity);

        Assert.Equal(AccountSecurity.RecoveryCodes, recovery.Distinct().Count());
        Assert.True(await visitor.IsSignedInAsync());
        Assert.False(await thief.IsSignedInAsync());
        Assert.Contains("You have 9 unused recovery codes", (await visitor.GetAsync("/account/security")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_recovery_codes_take_a_code_and_void_the_earlier_ones()
    {
        using var owner = await AccountVisitor.SignedInAsync(_blog);
        var (secret, old) = await owner.EnableTwoFactorAsync();

        (await owner.SubmitAsync("/account/security", "codes", ("CodesCode", "000"))).MustBe(HttpStatusCode.UnprocessableEntity);
        var answer = (await owner.SubmitAsync("/account/security", "codes", ("CodesCode", AuthenticatorApp.Code(secret, 1)))).MustBe(HttpStatusCode.OK);

        string[] fresh = [.. answer.Document.QuerySelectorAll(".codes code").Select(code => code.TextContent)];
        Assert.Equal(AccountSecurity.RecoveryCodes, fresh.Except(old).Count());
        using var visitor = new AccountVisitor(_blog);
        await visitor.SignInAsync(owner.User);
        (await SecondAsync(visitor, old[1])).MustBe(HttpStatusCode.UnprocessableEntity);
        (await SecondAsync(visitor, fresh[1])).MustLeadTo("/");
    }

    [Fact]
    public async Task Wrong_second_factors_lock_the_second_step_for_a_while_and_nothing_else()
    {
        using var owner = await AccountVisitor.SignedInAsync(_blog);
        var (secret, recovery) = await owner.EnableTwoFactorAsync();
        using var thief = new AccountVisitor(_blog);
        await thief.SignInAsync(owner.User);
        for (var failure = 0; failure < PasswordFailures.MaxFailures; failure++)
        {
            (await SecondAsync(thief, "not-a-code")).MustBe(HttpStatusCode.UnprocessableEntity);
        }

        (await SecondAsync(thief, AuthenticatorApp.Code(secret, 1))).MustBe(HttpStatusCode.UnprocessableEntity);
        (await SecondAsync(thief, recovery[0])).MustBe(HttpStatusCode.UnprocessableEntity);

        Assert.False(await thief.IsSignedInAsync());
        Assert.True(await owner.IsSignedInAsync());
        // The first step is as open as before, and its own wrong tries leave the second alone.
        using var later = new AccountVisitor(_blog);
        (await later.SignInAsync(owner.User)).MustLeadTo("/account/login/two-factor?remember=true");
        // A new password, by a mail, is no new series of tries at the codes.
        await later.SubmitAsync("/account/forgot", "forgot", ("Email", owner.Email));
        var mails = await Task.WhenAll(later.MailAsync(owner.Email), later.MailAsync(owner.Email));
        await later.SubmitAsync(AccountVisitor.LinkIn(mails[1], "/account/reset/"), "reset", ("Password", NewPassword));
        (await later.SignInAsync(owner.User, NewPassword)).MustLeadTo("/account/login/two-factor?remember=true");
        (await SecondAsync(later, AuthenticatorApp.Code(secret, 1))).MustBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_mailed_code_alone_does_not_pass_two_factors()
    {
        using var owner = await AccountVisitor.SignedInAsync(_blog);
        var (secret, _) = await owner.EnableTwoFactorAsync();
        using var visitor = new AccountVisitor(_blog);
        await visitor.MailAsync(owner.Email);

        (await visitor.SignInByCodeAsync(owner.User, "/account/login/code?returnUrl=%2Ftags%2Ftea")).MustLeadTo("/account/login/two-factor?returnUrl=%2Ftags%2Ftea");

        Assert.False(await visitor.IsSignedInAsync());
        (await SecondAsync(visitor, AuthenticatorApp.Code(secret, 1))).MustLeadTo("/");
    }

    [Fact]
    public async Task Two_factors_are_turned_off_with_a_code()
    {
        using var owner = await AccountVisitor.SignedInAsync(_blog);
        var (secret, _) = await owner.EnableTwoFactorAsync();

        (await owner.SubmitAsync("/account/security", "two-factor-off", ("OffCode", "000"))).MustBe(HttpStatusCode.UnprocessableEntity);
        (await owner.SubmitAsync("/account/security", "two-factor-off", ("OffCode", AuthenticatorApp.Code(secret, 1)))).MustLeadTo("/account/security?done=two-factor-off");

        using var visitor = new AccountVisitor(_blog);
        (await visitor.SignInAsync(owner.User)).MustLeadTo("/");
        // The old secret is gone; the next time begins anew.
        Assert.NotEqual(secret, (await visitor.GetAsync("/account/two-factor")).Document.QuerySelector("code")!.TextContent);
    }

    [Fact]
    public async Task Whoever_stands_halfway_signs_in_nobody_else()
    {
        using var owner = await AccountVisitor.SignedInAsync(_blog);
        var (secret, _) = await owner.EnableTwoFactorAsync();
        using var nobody = new AccountVisitor(_blog);

        // Without the first step there is no second one, whatever stands in the address.
        (await nobody.GetAsync("/account/login/two-factor?remember=perhaps")).MustBe(HttpStatusCode.OK);
        Assert.Null((await nobody.GetAsync("/account/login/two-factor")).Form("second-factor"));
        var token = AccountResponse.FieldsOf((await nobody.GetAsync("/account/login")).Form("login")!)["__RequestVerificationToken"];
        var answer = await nobody.PostAsync(
            "/account/login/two-factor",
            new Dictionary<string, string> { ["_handler"] = "second-factor", ["__RequestVerificationToken"] = token, ["Code"] = AuthenticatorApp.Code(secret, 1) });

        Assert.Null(answer.Location);
        Assert.False(await nobody.IsSignedInAsync());
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in_also_for_whoever_kept_the_cookie()
    {
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        using var thief = visitor.Copy();
        using var elsewhere = await SignedInElsewhereAsync(visitor.User);

        (await visitor.SubmitAsync("/account/logout", "logout")).MustLeadTo("/account/login?done=out");

        Assert.DoesNotContain("blog_signin", visitor.Cookies.Keys);
        Assert.False(await thief.IsSignedInAsync());
        Assert.True(await elsewhere.IsSignedInAsync());
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_sign_in()
    {
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        using var thief = visitor.Copy();
        using var elsewhere = await SignedInElsewhereAsync(visitor.User);

        (await visitor.SubmitAsync("/account/security", "everywhere")).MustLeadTo("/account/login?done=out");

        Assert.False(await visitor.IsSignedInAsync());
        Assert.False(await thief.IsSignedInAsync());
        Assert.False(await elsewhere.IsSignedInAsync());
        Assert.Empty(await SessionsAsync(visitor.User));
    }

    [Fact]
    public async Task One_other_browser_is_signed_out_from_the_list_and_nobody_elses()
    {
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        using var elsewhere = await SignedInElsewhereAsync(visitor.User);
        using var stranger = await AccountVisitor.SignedInAsync(_blog);
        var page = await visitor.GetAsync("/account/security");
        var form = Assert.Single(page.Forms, form => AccountResponse.HandlerOf(form)?.StartsWith("session-", StringComparison.Ordinal) == true);
        var strangers = (await SessionsAsync(stranger.User)).Single().Id;

        await visitor.SubmitAsync(page, form, ("_handler", $"session-{strangers:N}"));
        Assert.True(await stranger.IsSignedInAsync());
        (await visitor.SubmitAsync(page, form)).MustLeadTo("/account/security?done=session");

        Assert.False(await elsewhere.IsSignedInAsync());
        Assert.True(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task A_changed_password_ends_the_other_sign_ins_and_is_told_by_mail()
    {
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        using var thief = visitor.Copy();
        using var elsewhere = await SignedInElsewhereAsync(visitor.User);

        (await visitor.SubmitAsync("/account/security", "password", ("Current", "not the right one"), ("Password", NewPassword))).MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.True(await elsewhere.IsSignedInAsync());
        (await visitor.SubmitAsync("/account/security", "password", ("Current", AccountVisitor.Password), ("Password", "short"))).MustBe(HttpStatusCode.UnprocessableEntity);
        (await visitor.SubmitAsync("/account/security", "password", ("Current", AccountVisitor.Password), ("Password", NewPassword))).MustLeadTo("/account/security?done=password");

        Assert.True(await visitor.IsSignedInAsync());
        Assert.False(await elsewhere.IsSignedInAsync());
        // The cookie of before, too.
        Assert.False(await thief.IsSignedInAsync());
        Assert.Equal("Your password was changed", (await visitor.MailAsync(visitor.Email)).Subject);
        using var later = new AccountVisitor(_blog);
        (await later.SignInAsync(visitor.User)).MustBe(HttpStatusCode.UnprocessableEntity);
        (await later.SignInAsync(visitor.User, NewPassword)).MustLeadTo("/");
    }

    [Fact]
    public async Task A_link_to_reset_the_password_works_once_and_ends_every_sign_in()
    {
        using var inside = await AccountVisitor.SignedInAsync(_blog);
        using var visitor = new AccountVisitor(_blog);
        await visitor.SubmitAsync("/account/forgot", "forgot", ("Email", inside.Email));
        var link = AccountVisitor.LinkIn(await visitor.MailAsync(inside.Email), "/account/reset/");

        var page = await visitor.GetAsync(link);
        (await visitor.SubmitAsync(page, page.Form("reset")!, ("Password", "password12"))).MustBe(HttpStatusCode.UnprocessableEntity);
        (await visitor.SubmitAsync(page, page.Form("reset")!, ("Password", NewPassword))).MustLeadTo("/account/login?done=password");
        var again = await visitor.SubmitAsync(page, page.Form("reset")!, ("Password", "a third one, out of spite"));

        Assert.Null(again.Location);
        (await visitor.GetAsync(link)).MustBe(HttpStatusCode.Gone);
        Assert.False(await visitor.IsSignedInAsync());
        Assert.False(await inside.IsSignedInAsync());
        Assert.Equal("Your password was changed", (await visitor.MailAsync(inside.Email)).Subject);
        (await visitor.SignInAsync(inside.User)).MustBe(HttpStatusCode.UnprocessableEntity);
        (await visitor.SignInAsync(inside.User, NewPassword)).MustLeadTo("/");
    }

    [Fact]
    public async Task A_link_to_reset_opens_the_account_that_wrong_passwords_locked()
    {
        var user = await AccountVisitor.AddAsync(_blog);
        using var visitor = new AccountVisitor(_blog);
        await FailAsync(visitor, user);
        (await visitor.SignInAsync(user)).MustBe(HttpStatusCode.UnprocessableEntity);
        await visitor.SubmitAsync("/account/forgot", "forgot", ("Email", user.Email!));
        var link = AccountVisitor.LinkIn(await visitor.MailAsync(user.Email!), "/account/reset/");

        (await visitor.SubmitAsync(link, "reset", ("Password", NewPassword))).MustLeadTo("/account/login?done=password");

        (await visitor.SignInAsync(user, NewPassword)).MustLeadTo("/");
    }

    [Fact]
    public async Task A_link_that_was_changed_or_made_for_something_else_opens_nothing()
    {
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        using var stranger = new AccountVisitor(_blog);
        await stranger.SubmitAsync("/account/forgot", "forgot", ("Email", visitor.Email));
        var reset = AccountVisitor.LinkIn(await stranger.MailAsync(visitor.Email), "/account/reset/");
        var (fresh, next) = (NewAddress(), NewAddress());
        await RegisterAsync(stranger, fresh);
        var confirm = AccountVisitor.LinkIn(await stranger.MailAsync(fresh), "/account/confirm/");
        await visitor.SubmitAsync("/account/security", "email", ("Email", next), ("OwnPassword", AccountVisitor.Password));
        var change = AccountVisitor.LinkIn(await visitor.MailAsync(next), "/account/email/");
        string[] links = [reset, confirm, change];

        foreach (var link in links)
        {
            (await visitor.GetAsync(link)).MustBe(HttpStatusCode.OK);
            var (path, token) = (link[..(link.LastIndexOf('/') + 1)], link[(link.LastIndexOf('/') + 1)..]);
            var elsewhere = links.Except([link]).Select(other => $"{other[..(other.LastIndexOf('/') + 1)]}{token}");
            string[] changed = [$"{path}{token[..^2]}", $"{path}{token[..40]}{(token[40] == 'A' ? 'B' : 'A')}{token[41..]}", $"{path}x", $"{path}{Guid.NewGuid()}"];
            foreach (var wrong in elsewhere.Concat(changed))
            {
                (await visitor.GetAsync(wrong)).MustBe(HttpStatusCode.Gone);
            }
        }
    }

    [Fact]
    public async Task An_address_is_changed_by_a_link_to_the_new_one_and_told_to_the_old_one()
    {
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        using var stranger = await AccountVisitor.SignedInAsync(_blog);
        using var elsewhere = await SignedInElsewhereAsync(visitor.User);
        var (old, next) = (visitor.Email, NewAddress());

        (await visitor.SubmitAsync("/account/security", "email", ("Email", next), ("OwnPassword", "not the right one"))).MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.Empty(visitor.MailsTo(next));
        (await visitor.SubmitAsync("/account/security", "email", ("Email", next), ("OwnPassword", AccountVisitor.Password))).MustLeadTo("/account/security?done=mail");
        var link = AccountVisitor.LinkIn(await visitor.MailAsync(next), "/account/email/");
        Assert.Equal(old, (await ReadAsync(visitor.User)).Email);

        (await stranger.GetAsync(link)).MustBe(HttpStatusCode.Gone);
        var page = await visitor.GetAsync(link);
        (await stranger.SubmitAsync(page, page.Form("new-email")!, ("__RequestVerificationToken", await TokenAsync(stranger)))).MustBe(HttpStatusCode.BadRequest);
        Assert.Equal(old, (await ReadAsync(visitor.User)).Email);
        (await visitor.SubmitAsync(page, page.Form("new-email")!)).MustLeadTo("/account/security?done=email");

        var user = await ReadAsync(visitor.User);
        Assert.Equal((next, next.ToUpperInvariant(), true), (user.Email, user.NormalizedEmail, user.EmailConfirmed));
        Assert.True(await visitor.IsSignedInAsync());
        Assert.False(await elsewhere.IsSignedInAsync());
        Assert.Equal("Your address was changed", (await visitor.MailAsync(old)).Subject);
        (await visitor.GetAsync(link)).MustBe(HttpStatusCode.Gone);
        using var later = new AccountVisitor(_blog);
        (await later.SignInAsync(visitor.User)).MustBe(HttpStatusCode.UnprocessableEntity);
        (await later.SignInAsync(user)).MustLeadTo("/");
    }

    [Fact]
    public async Task A_new_address_that_somebody_took_meanwhile_is_not_taken_twice()
    {
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        var next = NewAddress();
        await visitor.SubmitAsync("/account/security", "email", ("Email", next), ("OwnPassword", AccountVisitor.Password));
        var link = AccountVisitor.LinkIn(await visitor.MailAsync(next), "/account/email/");
        await AccountVisitor.AddAsync(_blog, change: user => user.Email = next);

        var answer = await visitor.SubmitAsync(link, "new-email");

        Assert.Null(answer.Location);
        Assert.Equal(visitor.Email, (await ReadAsync(visitor.User)).Email);
        Assert.True(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task Of_a_passkey_the_blog_demands_that_the_device_knows_who_holds_it_and_names_its_public_address()
    {
        using var nobody = new AccountVisitor(_blog);
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        var signIn = await AskAsync(nobody, "/account/login", "login", "/account/passkeys/sign-in-options");
        var add = await AskAsync(visitor, "/account/security", "passkey", "/account/passkeys/new-options");

        Assert.Equal(("required", "blog.example"), (signIn.GetProperty("userVerification").GetString(), signIn.GetProperty("rpId").GetString()));
        Assert.Equal(
            ("required", "blog.example"),
            (add.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString(), add.GetProperty("rp").GetProperty("id").GetString()));

        static async Task<JsonElement> AskAsync(AccountVisitor visitor, string page, string form, string options)
        {
            var fields = AccountResponse.FieldsOf((await visitor.GetAsync(page)).Form(form)!);
            return JsonDocument.Parse((await visitor.PostAsync(options, fields)).MustBe(HttpStatusCode.OK).Html).RootElement.Clone();
        }
    }

    [Fact]
    public async Task Two_first_visits_at_once_to_the_set_up_of_two_factors_see_one_key()
    {
        for (var round = 0; round < 5; round++)
        {
            using var visitor = await AccountVisitor.SignedInAsync(_blog);
            AccountVisitor[] tabs = [visitor.Copy(), visitor.Copy(), visitor.Copy()];

            var pages = await Task.WhenAll(tabs.Select(tab => tab.GetAsync("/account/two-factor")));

            Assert.All(pages, page => page.MustBe(HttpStatusCode.OK));
            Assert.Single(pages.Select(page => page.Document.QuerySelector("code")!.TextContent).Distinct());
            await visitor.EnableTwoFactorAsync();
        }
    }

    [Theory]
    [InlineData("passkey", "/account/security")]
    [InlineData("passkey-", "/account/security")]
    [InlineData("login-Google", "/account/security")]
    [InlineData("password", "/account/security")]
    [InlineData("email", "/account/security")]
    [InlineData("delete", "/account/data")]
    public async Task After_a_while_a_change_of_how_one_signs_in_takes_another_sign_in(string form, string path)
    {
        var clock = FakeClock.Running(TimeProvider.System.GetUtcNow());
        await using var blog = await TestBlog.StartAsync(options => options.Time = clock);
        using var visitor = new AccountVisitor(blog);
        var user = await AccountVisitor.AddAsync(blog, change: user => user.PasswordHash = null);
        await blog.ChangeAsync(db =>
        {
            db.Add(new IdentityUserLogin<Guid> { LoginProvider = "Google", ProviderKey = "1", UserId = user.Id });
            var data = new IdentityPasskeyData { Name = "My phone", CreatedAt = clock.GetUtcNow(), PublicKey = [1], AttestationObject = [1], ClientDataJson = [1] };
            db.Add(new IdentityUserPasskey<Guid> { CredentialId = [1, 2, 3], UserId = user.Id, Data = data });
        });
        (await visitor.SignInByCodeAsync(user)).MustLeadTo("/");
        (string, string)[] fields = [("Email", NewAddress()), ("Password", NewPassword)];
        clock.Advance(SignInSessions.RecentFor);

        var refused = await SendAsync();
        refused.MustLeadTo($"/account/login?returnUrl={Uri.EscapeDataString(path)}&again=true");
        Assert.Contains("Sign in again to change how you sign in.", (await visitor.GetAsync(refused.LocalPath!)).Html, StringComparison.Ordinal);
        (await visitor.GetAsync("/account/two-factor")).MustLeadTo("/account/login?returnUrl=%2Faccount%2Ftwo-factor&again=true");
        (await visitor.SignInByCodeAsync(user, $"/account/login/code?returnUrl={Uri.EscapeDataString(path)}")).MustLeadTo(path);

        var done = await SendAsync();
        Assert.DoesNotContain("again=true", done.LocalPath ?? "", StringComparison.Ordinal);
        Assert.True(await visitor.IsSignedInAsync());
        (await visitor.GetAsync("/account/two-factor")).MustBe(HttpStatusCode.OK);

        async Task<AccountResponse> SendAsync()
        {
            var page = (await visitor.GetAsync(path)).MustBe(HttpStatusCode.OK);
            var own = page.Forms.First(known => AccountResponse.HandlerOf(known) is { } name && (name == form || (form.EndsWith('-') && name.StartsWith(form, StringComparison.Ordinal))));
            return await visitor.SubmitAsync(page, own, fields);
        }
    }

    [Fact]
    public async Task A_script_is_told_that_the_sign_in_is_too_old_and_the_password_is_proof_enough_of_its_own_change()
    {
        var clock = FakeClock.Running(TimeProvider.System.GetUtcNow());
        await using var blog = await TestBlog.StartAsync(options => options.Time = clock);
        using var visitor = await AccountVisitor.SignedInAsync(blog);
        clock.Advance(SignInSessions.RecentFor);
        var fields = AccountResponse.FieldsOf((await visitor.GetAsync("/account/security")).Form("passkey")!);

        var options = await visitor.PostAsync("/account/passkeys/new-options", fields, request => request.Headers.Add("Accept", "application/json"));
        var changed = await visitor.SubmitAsync("/account/security", "password", ("Current", AccountVisitor.Password), ("Password", NewPassword));

        options.MustBe(HttpStatusCode.Forbidden);
        changed.MustLeadTo("/account/security?done=password");
        // The cookie was renewed; the person was not asked anything.
        (await visitor.GetAsync("/account/two-factor")).MustLeadTo("/account/login?returnUrl=%2Faccount%2Ftwo-factor&again=true");
    }

    [Fact]
    public async Task A_passkey_that_nobody_asked_for_is_refused_with_a_sentence()
    {
        using var nobody = new AccountVisitor(_blog);
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        foreach (var credential in new[] { "", "{}", "not JSON", """{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{}}""" })
        {
            var signIn = await nobody.SubmitAsync("/account/login", "passkey", ("Credential", credential));
            var add = await visitor.SubmitAsync("/account/security", "passkey", ("Credential", credential));

            signIn.MustBe(HttpStatusCode.UnprocessableEntity);
            add.MustBe(HttpStatusCode.UnprocessableEntity);
            Assert.Contains("The passkey could not be added.", add.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_cookie_is_for_this_site_and_for_no_script_and_for_TLS_alone_whatever_the_proxy_says(bool saysHttps)
    {
        using var visitor = new AccountVisitor(_blog) { SaysHttps = saysHttps };
        var post = await _blog.AddPostAsync($"Cookies {saysHttps}");
        List<AccountResponse> answers = [];
        var email = NewAddress();
        answers.Add(await RegisterAsync(visitor, email));
        answers.Add(await visitor.SubmitAsync("/account/code", "code", ("Code", AccountVisitor.CodeIn(await visitor.MailAsync(email)))));
        answers.Add(await visitor.GetAsync("/account/logout"));
        answers.Add(await visitor.SubmitAsync("/account/logout", "logout"));
        answers.Add(await visitor.GetAsync("/account/login"));
        using var owner = await AccountVisitor.SignedInAsync(_blog);
        await owner.EnableTwoFactorAsync();
        answers.Add(await visitor.SignInAsync(owner.User));
        using var guest = new AccountVisitor(_blog) { SaysHttps = saysHttps };
        answers.Add(await guest.PostAsync($"/posts/{post.Slug}/comments", new Dictionary<string, string> { ["Name"] = "Mina", ["Body"] = "Hello.", ["Email"] = "" }));
        answers.Add(await guest.GetAsync("/account/login"));

        string[] cookies = [.. answers.SelectMany(answer => answer.Cookies)];
        foreach (var name in new[] { "blog_form", "blog_challenge", "blog_signin", "blog_halfway", "blog_guest" })
        {
            Assert.Contains(cookies, cookie => cookie.StartsWith($"{name}=", StringComparison.Ordinal));
        }

        foreach (var cookie in cookies)
        {
            Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Matches("(?i); samesite=(lax|strict)", cookie);
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task The_pages_about_accounts_are_kept_by_nobody()
    {
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        foreach (var path in new[] { "/account", "/account/security", "/account/data", "/account/login/code", "/account/data/download" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_blog.Address, path));
            request.Headers.Add("Cookie", string.Join("; ", visitor.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            using var http = new HttpClient();
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Headers.CacheControl is { NoStore: true }, $"{path}: {answer.Headers.CacheControl}");
        }
    }

    [Fact]
    public async Task A_sign_in_survives_a_restart()
    {
        using var folder = new TemporaryDirectory();
        BlogUser user;
        Dictionary<string, string> cookies;
        await using (var before = await TestBlog.StartAsync(options => options.Folder = folder.Path))
        {
            using var visitor = await AccountVisitor.SignedInAsync(before);
            (user, cookies) = (visitor.User, visitor.Cookies);
        }

        await using var after = await TestBlog.StartAsync(options => options.Folder = folder.Path);
        await AssertSharedAsync(after, user, cookies);
    }

    [Fact]
    public async Task Two_nodes_on_one_folder_share_a_sign_in_and_its_end()
    {
        using var folder = new TemporaryDirectory();
        await using var one = await TestBlog.StartAsync(options => options.Folder = folder.Path);
        await using var other = await TestBlog.StartAsync(options => options.Folder = folder.Path);
        using var visitor = await AccountVisitor.SignedInAsync(one);

        await AssertSharedAsync(other, visitor.User, visitor.Cookies);
        Assert.False(await visitor.IsSignedInAsync());
    }

    [Fact]
    public async Task Two_nodes_on_one_PostgreSQL_share_a_sign_in_and_its_end()
    {
        var database = await postgres.CreateMigratedAsync();
        void Use(TestBlogOptions options)
        {
            foreach (var (key, value) in database.Settings)
            {
                options.Settings[key] = value!;
            }
        }

        await using var one = await TestBlog.StartAsync(Use);
        await using var other = await TestBlog.StartAsync(Use);
        using var visitor = await AccountVisitor.SignedInAsync(one);

        await AssertSharedAsync(other, visitor.User, visitor.Cookies);
        Assert.False(await visitor.IsSignedInAsync());
    }

    /// <summary>The cookies are good at another node, which is where the person signs out.</summary>
    private static async Task AssertSharedAsync(TestBlog other, BlogUser user, Dictionary<string, string> cookies)
    {
        using var there = new AccountVisitor(other);
        foreach (var (name, value) in cookies)
        {
            there.Cookies[name] = value;
        }

        Assert.Contains(user.Email!, (await there.GetAsync("/account/security")).Html, StringComparison.Ordinal);
        (await there.SubmitAsync("/account/logout", "logout")).MustLeadTo("/account/login?done=out");
        Assert.False(await there.IsSignedInAsync());
    }

    /// <summary>Compares as SQL Server's collations do: full-width letters are the same.</summary>
    private sealed class FoldingStore(BlogDbContext db, IdentityErrorDescriber errors) : UserStore<BlogUser, IdentityRole<Guid>, BlogDbContext, Guid>(db, errors)
    {
        public override Task<BlogUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken = default) =>
            base.FindByEmailAsync(normalizedEmail.Normalize(System.Text.NormalizationForm.FormKC), cancellationToken);
    }

    private static async Task FailAsync(AccountVisitor visitor, BlogUser user)
    {
        for (var failure = 0; failure < PasswordFailures.MaxFailures; failure++)
        {
            (await visitor.SignInAsync(user, "not the right one")).MustBe(HttpStatusCode.UnprocessableEntity);
        }
    }

    private static Task<AccountResponse> SecondAsync(AccountVisitor visitor, string code) =>
        visitor.SubmitAsync("/account/login/two-factor", "second-factor", ("Code", code));

    private static Task<AccountResponse> RegisterAsync(AccountVisitor visitor, string email, string path = "/account/register") =>
        visitor.SubmitAsync(path, "register", ("Name", "Mina"), ("Email", email), ("Password", AccountVisitor.Password));

    private static async Task<string> TokenAsync(AccountVisitor visitor) =>
        AccountResponse.FieldsOf((await visitor.GetAsync("/account")).Form("profile")!)["__RequestVerificationToken"];

    private async Task<AccountVisitor> SignedInElsewhereAsync(BlogUser user)
    {
        var visitor = new AccountVisitor(_blog);
        (await visitor.SignInAsync(user)).MustLeadTo("/");
        return visitor;
    }

    private static string NewAddress() => $"new-{Guid.NewGuid():N}@example.com";

    private Task<BlogUser?> FindAsync(string email) => _blog.ReadAsync(db => db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Email == email));

    private Task<BlogUser> ReadAsync(BlogUser user) => _blog.ReadAsync(db => db.Users.AsNoTracking().SingleAsync(known => known.Id == user.Id));

    private Task<List<SignInSession>> SessionsAsync(BlogUser user) =>
        _blog.ReadAsync(db => db.SignInSessions.AsNoTracking().Where(session => session.UserId == user.Id).ToListAsync());

    private Task ChangeAsync(BlogUser user, Action<BlogUser> change) =>
        _blog.ChangeAsync(async db => change(await db.Users.SingleAsync(known => known.Id == user.Id)));
}
