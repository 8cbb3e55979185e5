using BlazorBlog.Accounts;
using BlazorBlog.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>
/// axe finds nothing to complain of on the pages about accounts and behind the blog, by day and by night, on a desk and on a phone, where
/// nothing has to be scrolled sideways, even with the longest of names. All of it works without a mouse.
/// </summary>
public sealed class AccountAccessibilityTests(AccountBlog site, Chromium chromium) : IClassFixture<AccountBlog>, IClassFixture<Chromium>
{
    private const int Desk = 1280;
    private const int Phone = 390;

    private static readonly string LongName = new('W', BlogUser.MaxNameLength);

    [Fact]
    public async Task Of_the_pages_for_anybody()
    {
        var person = Long();
        var page = await chromium.OpenAsync(site.Address);
        await LookAtAsync(page, "/account/login", "Sign in");
        await page.SubmitAsync("Sign in");
        await ExpectGoodAsync(page);
        await LookAtAsync(page, "/account/login/code", "Sign in with a code");
        await LookAtAsync(page, "/account/register", "Create an account");
        await page.SubmitAsync("Create an account");
        await Expect(page.Locator("[aria-invalid]")).ToHaveCountAsync(3);
        await ExpectGoodAsync(page);
        await page.BeginToSignUpAsync(person);
        await ExpectGoodAsync(page);
        await page.TypeCodeAsync("0");
        await ExpectGoodAsync(page);
        var confirm = await person.NextLinkAsync("confirm");
        await LookAtAsync(page, confirm, "Confirm your address");
        var elsewhere = await chromium.OpenAsync(site.Address);
        await LookAtAsync(elsewhere, confirm, "Confirm your address");
        await page.GotoAsync(confirm);
        await page.SubmitAsync("Confirm my address");
        await page.ExpectSignedInAsync(person);
        await LookAtAsync(elsewhere, confirm, "This link does not work");

        await LookAtAsync(elsewhere, "/account/forgot", "Forgot your password?");
        await elsewhere.FillInAsync("Email", person.Email);
        await elsewhere.SubmitAsync("Send the link");
        await elsewhere.ExpectHeadingAsync("Check your mail");
        await ExpectGoodAsync(elsewhere);
        await LookAtAsync(elsewhere, await person.NextLinkAsync("reset"), "Choose a new password");
        await LookAtAsync(elsewhere, "/account/code", "This took too long");
    }

    [Fact]
    public async Task Of_the_page_for_the_first_administrator()
    {
        await using var blog = await AccountBlog.StartAsync();
        var page = await chromium.OpenAsync(AccountBlog.AddressOf(blog));
        var setup = blog.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("BlazorBlog.Setup.v1").ToTimeLimitedDataProtector();
        await LookAtAsync(page, $"/account/setup/{setup.Protect("any", TimeSpan.FromHours(1))}", "Welcome to your blog");
    }

    [Fact]
    public async Task Of_the_pages_for_oneself()
    {
        var (page, person) = await OpenSignedInAsync(Roles.Reader);
        await LookAtAsync(page, "/account", "Profile");
        await page.FillInAsync("Name", "");
        await page.FillInAsync("Time zone", "Nowhere");
        await page.SubmitAsync("Save");
        await Expect(page.Locator("[aria-invalid]")).ToHaveCountAsync(2);
        await ExpectGoodAsync(page);
        await LookAtAsync(page, "/account/security", "Signing in");
        await UnfoldAllAsync(page);
        await ExpectGoodAsync(page);
        await page.FillInAsync("New address", $"moved.{person.Email}");
        await page.Locator("#email-password").FillAsync(person.Password);
        await page.SubmitAsync("Send the link");
        await page.ExpectNoticeAsync("A mail is on its way");
        await ExpectGoodAsync(page);
        person.Email = $"moved.{person.Email}";
        await LookAtAsync(page, await person.NextLinkAsync("email"), "Confirm your new address");
        person.Email = person.Email["moved.".Length..];
        await LookAtAsync(page, "/account/data", "Your data");
        await UnfoldAllAsync(page);
        await ExpectGoodAsync(page);
        await LookAtAsync(page, "/account/logout", "Sign out");
        await LookAtAsync(page, "/account/denied", "You do not have access to this page");

        await LookAtAsync(page, "/account/two-factor", "Turn on two-step verification");
        await page.TurnOnTwoFactorAsync();
        await ExpectGoodAsync(page);
        await LookAtAsync(page, "/account/security", "Signing in");
        await UnfoldAllAsync(page);
        await ExpectGoodAsync(page);
        await page.SignOutAsync();
        await page.TypePasswordAsync(person);
        await page.ExpectHeadingAsync("One more step");
        await ExpectGoodAsync(page);
        await page.FillInAsync("Code", "1");
        await page.SubmitAsync("Sign in");
        await page.ExpectRefusedAsync("Code", "This code is wrong");
        await ExpectGoodAsync(page);
    }

    [Fact]
    public async Task Of_the_rooms_behind_the_blog_and_of_a_moderators_thread()
    {
        var slug = await site.NewPostAsync();
        using var visitor = site.Blog.Visitor(LongName[..40]);
        var (shown, held, hidden) = (await visitor.MustCommentAsync(slug, "Shown"), await visitor.MustCommentAsync(slug, "Held"), await visitor.MustCommentAsync(slug, "Hidden"));
        await site.Blog.ModerateAsync(moderator => moderator.HoldAsync(held, TestContext.Current.CancellationToken));
        await site.Blog.ModerateAsync(moderator => moderator.HideAsync(hidden, TestContext.Current.CancellationToken));
        var (page, _) = await OpenSignedInAsync(Roles.Administrator);
        await page.GotoAsync("/account/two-factor");
        await page.TurnOnTwoFactorAsync();

        await LookAtAsync(page, "/admin", "Administration");
        await LookAtAsync(page, "/admin/users", "People and roles");
        await page.GotoAsync($"/posts/{slug}");
        await page.ExpectLiveAsync();
        await page.GetByText("Hidden and spam (1)").ClickAsync();
        await Expect(page.Locator(".moderate")).ToHaveCountAsync(3);
        await Expect(page.Card(shown)).ToBeVisibleAsync();
        await ExpectGoodAsync(page);
    }

    [Fact]
    public async Task Signing_in_takes_a_keyboard_and_nothing_else()
    {
        var (_, person) = await OpenSignedInAsync(Roles.Reader);
        var page = await chromium.OpenAsync(site.Address);
        await page.GotoAsync("/account/login");
        await Expect(page.GetByLabel("Email", new() { Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(person.Email);
        await TabToAsync(page, page.GetByLabel("Password", new() { Exact = true }));
        await TabToAsync(page, page.GetByLabel("Keep me signed in"));
        await TabToAsync(page, page.Content().GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Enter your address and your password.");
        await Expect(page.GetByLabel("Password", new() { Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(person.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.ExpectSignedInAsync(person);
    }

    [Fact]
    public async Task Signing_up_takes_a_keyboard_and_nothing_else()
    {
        var person = site.Person();
        var page = await chromium.OpenAsync(site.Address);
        await page.GotoAsync("/account/register");
        foreach (var (label, text) in new[] { ("Name", person.Name), ("Email", person.Email), ("Password", person.Password) })
        {
            await Expect(page.GetByLabel(label, new() { Exact = true })).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync(text);
            await page.Keyboard.PressAsync("Tab");
        }

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Create an account" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByLabel("Code", new() { Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(await person.NextCodeAsync());
        await page.Keyboard.PressAsync("Enter");
        await page.ExpectSignedInAsync(person);
    }

    [Fact]
    public async Task After_a_refusal_the_first_wrong_field_has_the_focus()
    {
        var page = await chromium.OpenAsync(site.Address);
        await ExpectFocusAsync(page, "/account/register", "Create an account", "Name=", "Name");
        await ExpectFocusAsync(page, "/account/register", "Create an account", "Name=Mina", "Email");
        await ExpectFocusAsync(page, "/account/register", "Create an account", "Name=Mina&Email=mina@reader.example.org", "Password");
        await ExpectFocusAsync(page, "/account/login/code", "Email me a code", "Email=mina", "Email");
        await ExpectFocusAsync(page, "/account/forgot", "Send the link", "Email=mina", "Email");
    }

    [Fact]
    public async Task After_a_refusal_the_first_wrong_field_of_ones_own_has_the_focus()
    {
        var (page, _) = await OpenSignedInAsync(Roles.Reader);
        await ExpectFocusAsync(page, "/account", "Save", "Name=", "Name");
        await ExpectFocusAsync(page, "/account", "Save", "Time zone=Nowhere", "Time zone");
        await ExpectFocusAsync(page, "/account", "Upload", "", "Picture");
        await ExpectFocusAsync(page, "/account/two-factor", "Turn on", "Code=1", "Code");
        await ExpectFocusAsync(page, "/account/data", "Delete the account for good", "Your password=wrong", "Your password");
        await ExpectFocusAsync(page, "/account/security", "Change password", "New password=short", "Your password");
        await ExpectFocusAsync(page, "/account/security", "Send the link", "New address=nowhere", "New address");
    }

    private static async Task ExpectFocusAsync(IPage page, string path, string button, string typed, string focused)
    {
        await page.GotoAsync(path);
        await UnfoldAllAsync(page);
        foreach (var field in typed.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            await page.FillInAsync(field.Split('=')[0], field.Split('=')[1]);
        }

        await page.SubmitAsync(button);
        var wrong = page.Locator("[aria-invalid=true]").First;
        await Expect(wrong).ToBeFocusedAsync();
        await Expect(wrong).ToHaveAccessibleNameAsync(focused);
    }

    private static async Task TabToAsync(IPage page, ILocator next)
    {
        await page.Keyboard.PressAsync("Tab");
        await Expect(next).ToBeFocusedAsync();
    }

    private static Task UnfoldAllAsync(IPage page) => page.EvaluateAsync("document.querySelectorAll('#main details').forEach(details => { details.open = true; })");

    private static async Task LookAtAsync(IPage page, string path, string title)
    {
        await page.GotoAsync(path);
        await page.ExpectHeadingAsync(title);
        await ExpectGoodAsync(page);
    }

    private static async Task ExpectGoodAsync(IPage page)
    {
        // Colours do not depend on the width, nor places on the colours: two looks see all four.
        foreach (var (width, scheme) in new[] { (Desk, ColorScheme.Light), (Phone, ColorScheme.Dark) })
        {
            await page.SetViewportSizeAsync(width, 800);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            var violations = await page.ViolationsAsync();
            Assert.True(violations.Length == 0, string.Join('\n', violations.Prepend($"{page.Url}, {scheme}, {width}:")));
        }

        var tooWide = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("body *")].filter(element => !element.closest(".unseen") && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
                .map(element => element.outerHTML.slice(0, 120))
            """);
        Assert.True(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            $"{page.Url} is wider than the window: {string.Join('\n', tooWide)}");
    }

    /// <summary>As long as a name and an address may be, without a place to break them.</summary>
    private Person Long()
    {
        var person = site.Person(LongName);
        person.Email = $"{Guid.NewGuid():N}{new string('w', 20)}@{new string('m', 60)}.{new string('i', 60)}.example.org";
        return person;
    }

    private async Task<(IPage Page, Person Person)> OpenSignedInAsync(string role)
    {
        var person = Long();
        await AccountBlog.AddAsync(site.Blog, person, role);
        var page = await chromium.OpenAsync(site.Address);
        await page.SignInAsync(person);
        return (page, person);
    }
}
