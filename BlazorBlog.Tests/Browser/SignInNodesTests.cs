using BlazorBlog.Accounts;
using BlazorBlog.Accounts.Mail;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>Whoever is signed in on one node of a blog is signed in on all of them, and after a restart. The browser keeps a cookie by the name of the host, whatever the port.</summary>
public abstract class SignInNodesTests(IDatabaseServer server, Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Password = "seven slow trains at dusk";

    private BlogDatabase _database = null!;
    private TestBlog _one = null!;
    private TestBlog _two = null!;
    private DatabaseBlog _node = null!;
    private BlogUser _user = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateMigratedAsync();
        _one = await StartAsync();
        _two = await StartAsync();
        _node = DatabaseBlog.Open(_database);
        _user = await TestPeople.AddAsync(_node.Services, Roles.Reader, user =>
        {
            user.DisplayName = "Mina Park";
            user.PasswordHash = _node.Get<IPasswordHasher<BlogUser>>().HashPassword(user, Password);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_sign_in_counts_on_the_other_node_and_after_a_restart_until_it_ends_on_any()
    {
        var page = await chromium.OpenAsync(On(_one, "/"), javaScript: false);
        await page.GotoAsync(On(_one, "/account/login?returnUrl=%2Faccount").AbsoluteUri);
        await SignInAsync(page);
        await ExpectSignedInAsync(page);
        await GotoAsync(page, _two);
        await ExpectSignedInAsync(page);
        // A form of one node is taken by the other.
        var form = page.Context.APIRequest.CreateFormData();
        form.Append("_handler", "profile");
        form.Append("__RequestVerificationToken", await page.Locator("#main [name=__RequestVerificationToken]").First.InputValueAsync());
        form.Append("Name", "Mina Park");
        form.Append("TimeZone", "Asia/Seoul");
        var answer = await page.Context.APIRequest.PostAsync(On(_one, "/account").AbsoluteUri, new() { Form = form });
        Assert.Equal(On(_one, "/account?done=saved").AbsoluteUri, answer.Url);

        await _one.DisposeAsync();
        _one = await StartAsync();
        await GotoAsync(page, _one);
        await ExpectSignedInAsync(page);

        var elsewhere = await chromium.OpenAsync(On(_two, "/"), javaScript: false);
        await GotoAsync(elsewhere, _two);
        await SignInAsync(elsewhere);
        await ExpectSignedInAsync(elsewhere);
        await page.GotoAsync(On(_one, "/account/security").AbsoluteUri);
        await page.SubmitAsync("Sign out everywhere");
        await page.ExpectSignedOutAsync();
        await GotoAsync(elsewhere, _two);
        await elsewhere.ExpectHeadingAsync("Sign in");
    }

    [Fact]
    public async Task What_was_begun_on_one_node_is_finished_on_the_other()
    {
        var page = await chromium.OpenAsync(On(_one, "/"), javaScript: false);
        await page.GotoAsync(On(_one, "/account/login/code").AbsoluteUri);
        await page.FillInAsync("Email", _user.Email!);
        await page.SubmitAsync("Email me a code");
        await page.ExpectHeadingAsync("Check your mail");
        await page.GotoAsync(On(_two, "/account/code").AbsoluteUri);
        await page.TypeCodeAsync(await CodeAsync());
        await Expect(page.Me()).ToContainTextAsync("Mina Park");

        await page.GotoAsync(On(_two, "/account/two-factor").AbsoluteUri);
        var (key, _, _) = await page.TurnOnTwoFactorAsync();
        await page.SignOutAsync();
        await SignInAsync(page);
        await page.ExpectHeadingAsync("One more step");
        await page.GotoAsync(On(_one, "/account/login/two-factor?returnUrl=%2Faccount").AbsoluteUri);
        await page.FillInAsync("Code", AuthenticatorApp.Code(key, 1));
        await page.SubmitAsync("Sign in");
        await ExpectSignedInAsync(page);
    }

    private static Uri On(TestBlog node, string path) => new(AccountBlog.AddressOf(node), path);

    private static Task GotoAsync(IPage page, TestBlog node) => page.GotoAsync(On(node, "/account").AbsoluteUri);

    private static async Task ExpectSignedInAsync(IPage page)
    {
        await page.ExpectHeadingAsync("Profile");
        await Expect(page.Me()).ToContainTextAsync("Mina Park");
    }

    private async Task SignInAsync(IPage page)
    {
        await page.FillInAsync("Email", _user.Email!);
        await page.FillInAsync("Password", Password);
        await page.SubmitAsync("Sign in");
    }

    /// <summary>As the mail says it.</summary>
    private async Task<string> CodeAsync()
    {
        await using var db = _node.OpenContext();
        return _node.Get<EmailVerifications>().Code(await db.EmailVerifications.SingleAsync(challenge => challenge.UserId == _user.Id, Cancel));
    }

    private Task<TestBlog> StartAsync() => AccountBlog.StartAsync(options => options.Database = _database);
}

public sealed class SqliteSignInNodesTests(SqliteFiles files, Chromium chromium) : SignInNodesTests(files, chromium);

public sealed class PostgreSqlSignInNodesTests(PostgreSqlServer server, Chromium chromium) : SignInNodesTests(server, chromium);
