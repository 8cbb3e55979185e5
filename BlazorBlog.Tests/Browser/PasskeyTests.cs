using BlazorBlog.Accounts;
using BlazorBlog.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>Passkeys in a real browser, with an authenticator that says yes by itself.</summary>
public sealed class PasskeyTests(AccountBlog site, Chromium chromium) : IClassFixture<AccountBlog>, IClassFixture<Chromium>, IDisposable
{
    private readonly PageErrors _errors = new();

    [Fact]
    public async Task A_passkey_signs_in_as_often_as_wanted_until_it_is_removed()
    {
        var mina = await site.AddPersonAsync();
        var page = await OpenAsync();
        await page.SignInAsync(mina);
        // By the link and not by address: Blazor then exchanges the page without loading its scripts again.
        await page.FollowAsync("Signing in");
        await page.FillInAsync("Name of the new passkey", "My phone");
        await page.SubmitAsync("Add a passkey");
        await page.ExpectNoticeAsync("The passkey is added.");
        await Expect(page.GetByText("My phone", new() { Exact = true })).ToBeVisibleAsync();
        await mina.NextMailAsync(mail => mail.Subject == "A passkey was added");

        foreach (var _ in Enumerable.Range(0, 2))
        {
            await page.SignOutAsync();
            await page.SubmitAsync("Sign in with a passkey");
            await page.ExpectSignedInAsync(mina);
        }

        await page.GotoAsync("/account/security");
        await Expect(page.Locator("li", new() { HasText = "this one" })).ToContainTextAsync("by passkey");
        await page.SubmitAsync("Remove My phone");
        await page.ExpectNoticeAsync("The passkey is removed.");
        await mina.NextMailAsync(mail => mail.Subject == "A passkey was removed");
        await page.SignOutAsync();
        await page.SubmitAsync("Sign in with a passkey");
        await page.ExpectNoticeAsync("This passkey is not known here.");
        await page.ExpectSignedOutAsync();
    }

    [Fact]
    public async Task A_passkey_leads_an_administrator_behind_the_blog_where_a_password_alone_does_not()
    {
        var ada = await site.AddPersonAsync("Ada Owner", Roles.Administrator);
        var page = await OpenAsync();
        await page.SignInAsync(ada, "/admin");
        await page.ExpectHeadingAsync("Turn on two-step verification");
        await page.GotoAsync("/account/security");
        await page.SubmitAsync("Add a passkey");
        await page.ExpectNoticeAsync("The passkey is added.");
        // This sign-in is still the one by password.
        await page.GotoAsync("/admin");
        await page.ExpectHeadingAsync("Turn on two-step verification");
        await page.SignOutAsync();

        await page.GotoAsync("/admin");
        await page.SubmitAsync("Sign in with a passkey");
        await page.ExpectHeadingAsync("Administration");
        await page.GotoAsync("/admin/users");
        await page.ExpectHeadingAsync("People and roles");
    }

    [Fact]
    public async Task The_passkey_is_still_offered_after_a_look_at_another_way_to_sign_in()
    {
        var page = await OpenAsync();
        await page.GotoAsync("/account/login");
        await page.FollowAsync("Email me a code");
        await page.ExpectHeadingAsync("Sign in with a code");
        await page.FollowAsync("Sign in with a password");

        await page.ExpectHeadingAsync("Sign in");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_scripts_no_button_promises_a_passkey()
    {
        var page = _errors.Watch(await chromium.OpenAsync(site.Address, javaScript: false));
        await page.SignInAsync(await site.AddPersonAsync());
        await page.GotoAsync("/account/security");
        await Expect(page.Locator("noscript p", new() { HasText = "Adding one needs JavaScript." })).ToBeVisibleAsync();
        await Expect(page.Content().Locator("[data-passkey]")).ToBeHiddenAsync();
        await page.SignOutAsync();
        await Expect(page.Content().Locator("[data-passkey]")).ToBeHiddenAsync();
    }

    public void Dispose() => _errors.ExpectNone();

    /// <summary>A page of a browser whose device has a lock, and somebody who opens it.</summary>
    private async Task<IPage> OpenAsync()
    {
        var page = _errors.Watch(await chromium.OpenAsync(site.Address));
        var browser = await page.Context.NewCDPSessionAsync(page);
        await browser.SendAsync("WebAuthn.enable");
        await browser.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return page;
    }
}
