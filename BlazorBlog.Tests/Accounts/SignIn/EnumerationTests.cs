using System.Net;
using System.Text.RegularExpressions;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>Whether an address has an account is for its mailbox to know, and for no page to tell.</summary>
public sealed partial class EnumerationTests(BlogFixture fixture) : IClassFixture<BlogFixture>
{
    private readonly TestBlog _blog = fixture.Blog;

    public static TheoryData<string> States => ["known", "locked", "closed", "without a password", "with two factors"];

    [Theory]
    [MemberData(nameof(States))]
    public async Task Signing_up_answers_alike_for_known_and_unknown_addresses(string state)
    {
        var known = await AddAsync(state);

        await AssertAlikeAsync(known.Email!, (visitor, email) => RegisterAsync(visitor, email));
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task A_wrong_password_answers_alike_for_known_and_unknown_addresses(string state)
    {
        var known = await AddAsync(state);

        await AssertAlikeAsync(known.Email!, (visitor, email) => visitor.SubmitAsync("/account/login", "login", ("Email", email), ("Password", "not the right one")));
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task Asking_for_a_code_answers_alike_for_known_and_unknown_addresses(string state)
    {
        var known = await AddAsync(state);

        await AssertAlikeAsync(known.Email!, (visitor, email) => visitor.SubmitAsync("/account/login/code", "ask-code", ("Email", email)));
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task Asking_for_another_password_answers_alike_for_known_and_unknown_addresses(string state)
    {
        var known = await AddAsync(state);

        await AssertAlikeAsync(known.Email!, (visitor, email) => visitor.SubmitAsync("/account/forgot", "forgot", ("Email", email)));
    }

    [Fact]
    public async Task The_right_password_of_a_locked_or_closed_account_answers_as_a_wrong_one()
    {
        foreach (var state in new[] { "locked", "closed" })
        {
            using var visitor = new AccountVisitor(_blog);
            var user = await AddAsync(state);

            var right = await visitor.SignInAsync(user);
            var wrong = await visitor.SignInAsync(user, "not the right one");

            right.MustBe(HttpStatusCode.UnprocessableEntity);
            Assert.Equal(Normal(wrong, user.Email!), Normal(right, user.Email!));
        }
    }

    [Theory]
    [InlineData("known")]
    [InlineData("unknown")]
    public async Task Whoever_types_a_wrong_code_learns_nothing_of_the_account(string state)
    {
        var email = state == "known" ? (await AddAsync(state)).Email! : NewAddress();
        using var visitor = new AccountVisitor(_blog);
        (await visitor.SubmitAsync("/account/login/code", "ask-code", ("Email", email))).MustLeadTo("/account/code");

        var answer = await visitor.SubmitAsync("/account/code", "code", ("Code", "12345"));
        var repeated = await visitor.SubmitAsync("/account/code", "repeat");

        answer.MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("This is not the code, or it was tried too often. You can have a new one sent.", answer.Errors);
        repeated.MustBe(HttpStatusCode.OK);
        Assert.Contains("A new code is on its way", repeated.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_up_with_an_address_that_has_an_account_writes_to_its_owner_and_makes_none()
    {
        var known = await AddAsync("known");
        using var visitor = new AccountVisitor(_blog);

        (await RegisterAsync(visitor, known.Email!.ToUpperInvariant())).MustLeadTo("/account/code");

        var mail = await visitor.MailAsync(known.Email);
        Assert.Equal("You already have an account at BlazorBlog", mail.Subject);
        Assert.Equal(known.DisplayName, mail.To.Name);
        // The code signs in to the account that is there, whose password stays.
        (await visitor.SubmitAsync("/account/code", "code", ("Code", AccountVisitor.CodeIn(mail)))).MustLeadTo("/");
        Assert.Contains(known.Email, (await visitor.GetAsync("/account/security")).Html, StringComparison.Ordinal);
        var accounts = await _blog.ReadAsync(db => db.Users.Where(user => user.NormalizedEmail == known.NormalizedEmail).ToListAsync());
        Assert.Equal((known.PasswordHash, known.DisplayName), (Assert.Single(accounts).PasswordHash, accounts[0].DisplayName));
    }

    [Fact]
    public async Task Nobody_writes_to_an_unknown_address_that_is_not_to_sign_up()
    {
        await using var blog = await TestBlog.StartAsync();
        using var visitor = new AccountVisitor(blog);
        var (unknown, known) = (NewAddress(), await AccountVisitor.AddAsync(blog));

        await visitor.SubmitAsync("/account/forgot", "forgot", ("Email", unknown));
        await visitor.SubmitAsync("/account/login/code", "ask-code", ("Email", unknown));
        await visitor.SubmitAsync("/account/code", "repeat");

        // Mails go in turn; when the later one has come, an earlier one would have.
        await visitor.SubmitAsync("/account/forgot", "forgot", ("Email", known.Email!));
        Assert.Equal("Choose a new password for BlazorBlog", (await visitor.MailAsync(known.Email!)).Subject);
        Assert.Empty(visitor.MailsTo(unknown));
        Assert.DoesNotContain(unknown, await blog.ReadAsync(db => db.AccountMails.Select(mail => mail.Email).ToListAsync()));
    }

    [Fact]
    public async Task A_taken_address_is_not_told_to_whoever_wants_to_change_to_it()
    {
        var taken = await AddAsync("known");
        using var visitor = await AccountVisitor.SignedInAsync(_blog);
        var free = NewAddress();

        var answers = new List<string>();
        foreach (var email in new[] { taken.Email!, free })
        {
            var answer = await visitor.SubmitAsync("/account/security", "email", ("Email", email), ("OwnPassword", AccountVisitor.Password));
            answers.Add(Normal(answer, email));
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal("Confirm your new address for BlazorBlog", (await visitor.MailAsync(free)).Subject);
        Assert.Empty(visitor.MailsTo(taken.Email!));
    }

    [Fact]
    public async Task The_pages_show_an_address_as_it_was_typed_and_not_as_the_account_spells_it()
    {
        var known = await AddAsync("known");
        var typed = known.Email!.ToUpperInvariant();
        Func<AccountVisitor, Task<AccountResponse>>[] ways =
        [
            visitor => RegisterAsync(visitor, typed),
            visitor => visitor.SubmitAsync("/account/login/code", "ask-code", ("Email", typed)),
        ];
        foreach (var ask in ways)
        {
            using var visitor = new AccountVisitor(_blog);
            (await ask(visitor)).MustLeadTo("/account/code");

            var page = await visitor.GetAsync("/account/code");
            var repeated = await visitor.SubmitAsync("/account/code", "repeat");

            foreach (var answer in new[] { page, repeated })
            {
                Assert.Contains(typed, answer.Html, StringComparison.Ordinal);
                Assert.DoesNotContain(known.Email, answer.Html, StringComparison.Ordinal);
            }

            // The mail goes to the mailbox that was confirmed, and to no other that is spelled alike.
            await visitor.MailAsync(known.Email);
            Assert.Empty(visitor.MailsTo(typed));
        }
    }

    private async Task AssertAlikeAsync(string known, Func<AccountVisitor, string, Task<AccountResponse>> ask)
    {
        using var one = new AccountVisitor(_blog);
        using var other = new AccountVisitor(_blog);
        var unknown = NewAddress();

        var answer = await ask(one, known);
        var expected = await ask(other, unknown);

        Assert.Equal(Normal(expected, unknown), Normal(answer, known));
        Assert.Equal(other.Cookies.Keys.Order(), one.Cookies.Keys.Order());
        if (answer.LocalPath is { } next)
        {
            Assert.Equal(Normal(await other.GetAsync(next), unknown), Normal(await one.GetAsync(next), known));
        }
    }

    private static Task<AccountResponse> RegisterAsync(AccountVisitor visitor, string email) =>
        visitor.SubmitAsync("/account/register", "register", ("Name", "Mina"), ("Email", email), ("Password", AccountVisitor.Password));

    private async Task<BlogUser> AddAsync(string state)
    {
        var user = await AccountVisitor.AddAsync(_blog, change: user => Change(user, state));
        for (var failure = 0; state == "locked" && failure < PasswordFailures.MaxFailures; failure++)
        {
            _blog.Services.GetRequiredService<PasswordFailures>().TryBegin(user.NormalizedEmail, IPAddress.Loopback);
        }

        return user;
    }

    private static void Change(BlogUser user, string state)
    {
        switch (state)
        {
            case "closed":
                user.LockoutEnd = DateTimeOffset.MaxValue;
                break;
            case "without a password":
                user.PasswordHash = null;
                break;
            case "with two factors":
                user.TwoFactorEnabled = true;
                break;
        }
    }

    private static string NewAddress() => $"nobody-{Guid.NewGuid():N}@example.com";

    /// <summary>An answer without what differs between any two of them: tokens, and what was typed.</summary>
    private static string Normal(AccountResponse answer, string typed)
    {
        var body = Protected().Replace(Comments().Replace(answer.Html, ""), "TOKEN").Replace(typed, "ADDRESS", StringComparison.OrdinalIgnoreCase);
        var cookies = answer.Cookies.Select(cookie => Protected().Replace(cookie, "TOKEN"));
        return $"{(int)answer.Status} {answer.LocalPath}\n{string.Join('\n', cookies)}\n{body}";
    }

    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]+")]
    private static partial Regex Protected();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comments();
}
