using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Support;

/// <summary>What people do on the pages about accounts.</summary>
internal static class AccountPages
{
    public static Task FillInAsync(this IPage page, string label, string text) => page.GetByLabel(label, new() { Exact = true }).FillAsync(text);

    /// <summary>Presses a button of the page itself; the header has its own to sign out.</summary>
    public static Task SubmitAsync(this IPage page, string button) => page.Content().GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public static Task FollowAsync(this IPage page, string link) => page.Content().GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();

    /// <summary>Opens what is folded away.</summary>
    public static Task UnfoldAsync(this IPage page, string summary) => page.Content().Locator("summary", new() { HasTextString = summary }).ClickAsync();

    public static ILocator Content(this IPage page) => page.Locator("#main");

    /// <summary>The link to one's own account in the header; there when somebody is signed in.</summary>
    public static ILocator Me(this IPage page) => page.Locator(".site-header a.me");

    public static Task ExpectHeadingAsync(this IPage page, string title) => Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(title);

    public static Task ExpectSignedInAsync(this IPage page, Person person) => Expect(page.Me()).ToContainTextAsync(person.Name);

    public static async Task ExpectSignedOutAsync(this IPage page)
    {
        await Expect(page.Locator(".site-header").GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Expect(page.Me()).ToHaveCountAsync(0);
    }

    /// <summary>What the page says was done, or is wrong with the form as a whole.</summary>
    public static Task ExpectNoticeAsync(this IPage page, string words) => Expect(page.Content().Locator(".notice").First).ToContainTextAsync(words);

    /// <summary>The refusal beside a field, which is marked as wrong and has the focus.</summary>
    public static async Task ExpectRefusedAsync(this IPage page, string label, string words)
    {
        var field = page.GetByLabel(label, new() { Exact = true });
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(field).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex(System.Text.RegularExpressions.Regex.Escape(words)));
    }

    /// <summary>Fills the form to sign up, and stands before the one for the code.</summary>
    public static async Task BeginToSignUpAsync(this IPage page, Person person)
    {
        await page.FillInAsync("Name", person.Name);
        await page.FillInAsync("Email", person.Email);
        await page.FillInAsync("Password", person.Password);
        await page.SubmitAsync("Create an account");
        await page.ExpectHeadingAsync("Check your mail");
    }

    public static async Task TypeCodeAsync(this IPage page, string code)
    {
        await page.FillInAsync("Code", code);
        await page.SubmitAsync("Continue");
    }

    /// <summary>Fills the form to sign in.</summary>
    public static async Task TypePasswordAsync(this IPage page, Person person)
    {
        await page.FillInAsync("Email", person.Email);
        await page.FillInAsync("Password", person.Password);
        await page.SubmitAsync("Sign in");
    }

    /// <summary>Signs in with the password alone.</summary>
    public static async Task SignInAsync(this IPage page, Person person, string returnUrl = "/account")
    {
        await page.GotoAsync($"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}");
        await page.TypePasswordAsync(person);
        await page.ExpectSignedInAsync(person);
    }

    public static async Task SignOutAsync(this IPage page)
    {
        await page.Locator(".site-header").GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.ExpectSignedOutAsync();
    }

    /// <summary>Turns two factors on.</summary>
    /// <returns>The secret for the app, the code that was used, and the recovery codes.</returns>
    public static async Task<(string Key, string Used, IReadOnlyList<string> Recovery)> TurnOnTwoFactorAsync(this IPage page)
    {
        var key = await page.Locator(".steps code").InnerTextAsync();
        var code = AuthenticatorApp.Code(key);
        await page.FillInAsync("Code", code);
        await page.SubmitAsync("Turn on");
        await page.ExpectHeadingAsync("Two-step verification is on");
        return (key, code, await page.RecoveryCodesAsync());
    }

    public static async Task<IReadOnlyList<string>> RecoveryCodesAsync(this IPage page)
    {
        await Expect(page.Locator(".codes li").First).ToBeVisibleAsync();
        return await page.Locator(".codes li").AllInnerTextsAsync();
    }
}
