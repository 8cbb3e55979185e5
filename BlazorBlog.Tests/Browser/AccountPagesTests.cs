using System.Text.Json;
using BlazorBlog.Accounts;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>
/// Every page about accounts does its job, and the browser has nothing to complain of on the way. That it does so without scripts is told
/// by the tests that post its forms over HTTP, and here where there is none.
/// </summary>
public sealed class AccountPagesTests(AccountBlog site, Chromium chromium) : IClassFixture<AccountBlog>, IClassFixture<Chromium>, IDisposable
{
    private readonly PageErrors _errors = new();

    [Fact]
    public async Task A_new_reader_signs_up_with_the_mailed_code()
    {
        var mina = site.Person();
        var page = await OpenAsync();
        await page.GotoAsync("/");
        await page.Locator(".site-header").GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.FollowAsync("Create an account");
        await page.ExpectHeadingAsync("Create an account");

        await page.SubmitAsync("Create an account");
        await page.ExpectRefusedAsync("Name", "Enter your name.");
        await page.ExpectRefusedAsync("Email", "Enter an address like name@example.com.");
        await page.ExpectRefusedAsync("Password", "Use at least 10 characters.");
        await page.BeginToSignUpAsync(mina);
        await Expect(page.Content()).ToContainTextAsync($"We wrote to {mina.Email}.");
        var code = await mina.NextCodeAsync();
        await page.TypeCodeAsync(code == "000000" ? "111111" : "000000");
        await page.ExpectRefusedAsync("Code", "This is not the code, or it was tried too often.");
        await page.TypeCodeAsync(code);

        await page.ExpectSignedInAsync(mina);
        Assert.Equal("/", PathOf(page));
        await page.GotoAsync("/account");
        await Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync(mina.Name);
        await Expect(page.Content()).ToContainTextAsync("Reader");
        await page.SignOutAsync();
        await page.GotoAsync("/account/code");
        await page.ExpectHeadingAsync("This took too long");
    }

    [Fact]
    public async Task The_mailed_link_does_as_well_and_asks_another_browser_for_the_password()
    {
        var (mina, juno) = (site.Person(), site.Person("Juno"));
        var page = await OpenAsync();
        await page.GotoAsync("/account/register");
        await page.BeginToSignUpAsync(mina);
        var link = await mina.NextLinkAsync("confirm");
        await page.GotoAsync(link);
        await Expect(page.Content()).ToContainTextAsync($"{mina.Email} becomes the address of your new account, {mina.Name}.");
        await page.SubmitAsync("Confirm my address");
        await page.ExpectSignedInAsync(mina);
        await page.GotoAsync(link);
        await page.ExpectHeadingAsync("This link does not work");

        var other = await OpenAsync();
        await other.GotoAsync("/account/register");
        await other.BeginToSignUpAsync(juno);
        var elsewhere = await OpenAsync();
        await elsewhere.GotoAsync(await juno.NextLinkAsync("confirm"));
        await elsewhere.FillInAsync("Password", "a guess, and a wrong one");
        await elsewhere.SubmitAsync("Confirm my address");
        await elsewhere.ExpectRefusedAsync("Password", "This is not the password that was chosen");
        await elsewhere.FillInAsync("Password", juno.Password);
        await elsewhere.SubmitAsync("Confirm my address");
        await elsewhere.ExpectSignedInAsync(juno);
    }

    [Fact]
    public async Task Whoever_has_a_password_signs_in_with_it_and_out_again()
    {
        var mina = await site.AddPersonAsync();
        var page = await OpenAsync();
        await page.GotoAsync("/account");
        await page.ExpectHeadingAsync("Sign in");

        await page.FillInAsync("Email", mina.Email);
        await page.SubmitAsync("Sign in");
        await page.ExpectNoticeAsync("Enter your address and your password.");
        await page.FillInAsync("Password", "not this one");
        await page.SubmitAsync("Sign in");
        await page.ExpectNoticeAsync("Address or password is wrong");
        await Expect(page.GetByLabel("Email", new() { Exact = true })).ToHaveValueAsync(mina.Email);
        await page.TypePasswordAsync(mina);
        await page.ExpectHeadingAsync("Profile");
        await page.ExpectSignedInAsync(mina);

        await page.SignOutAsync();
        await page.ExpectNoticeAsync("You are signed out.");
        await page.SignInAsync(mina);
        await page.GotoAsync("/account/logout");
        await Expect(page.Content()).ToContainTextAsync($"You are signed in as {mina.Name}.");
        await page.SubmitAsync("Sign out");
        await page.ExpectSignedOutAsync();
    }

    [Fact]
    public async Task A_mailed_code_signs_in_and_a_new_one_voids_the_earlier()
    {
        var mina = await site.AddPersonAsync();
        var page = await OpenAsync();
        await page.GotoAsync("/account/login");
        await page.FollowAsync("Email me a code");
        await page.ExpectHeadingAsync("Sign in with a code");
        await page.FillInAsync("Email", "nobody");
        await page.SubmitAsync("Email me a code");
        await page.ExpectRefusedAsync("Email", "Enter an address like name@example.com.");
        await page.FillInAsync("Email", mina.Email);
        await page.SubmitAsync("Email me a code");
        await page.ExpectHeadingAsync("Check your mail");
        var first = await mina.NextCodeAsync();

        await page.SubmitAsync("Send a new code");
        await page.ExpectNoticeAsync("A new code is on its way; the earlier one is void.");
        var second = await mina.NextCodeAsync();
        if (first != second)
        {
            await page.TypeCodeAsync(first);
            await page.ExpectRefusedAsync("Code", "This is not the code");
        }

        await page.TypeCodeAsync(second);
        await page.ExpectSignedInAsync(mina);
    }

    [Fact]
    public async Task Whoever_forgot_the_password_chooses_another_with_the_mailed_link()
    {
        var mina = await site.AddPersonAsync();
        var elsewhere = await OpenAsync();
        await elsewhere.SignInAsync(mina);
        var page = await OpenAsync();
        await page.GotoAsync("/account/login");
        await page.FollowAsync("Forgot your password?");
        await page.ExpectHeadingAsync("Forgot your password?");
        await page.FillInAsync("Email", mina.Email);
        await page.SubmitAsync("Send the link");
        await Expect(page.Content()).ToContainTextAsync($"If {mina.Email} belongs to an account here, a mail with a link is on its way to it.");
        var link = await mina.NextLinkAsync("reset");
        await page.GotoAsync(link);

        await page.FillInAsync("New password", "short");
        await page.SubmitAsync("Change password");
        await page.ExpectRefusedAsync("New password", "Use at least 10 characters.");
        mina.Password = "nine green lamps over water";
        await page.FillInAsync("New password", mina.Password);
        await page.SubmitAsync("Change password");
        await page.ExpectNoticeAsync("Your password is changed. Sign in with the new one.");
        await page.TypePasswordAsync(mina);
        await page.ExpectSignedInAsync(mina);

        await page.GotoAsync(link);
        await page.ExpectHeadingAsync("This link does not work");
        await elsewhere.GotoAsync("/account");
        await elsewhere.ExpectHeadingAsync("Sign in");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Name_language_and_time_zone_are_changed_and_shown_again(bool javaScript)
    {
        var (page, mina) = await OpenSignedInAsync(javaScript: javaScript);
        var slug = await site.NewPostAsync();
        var comment = await CommentAsync(page, slug, "By whatever name");
        await page.GotoAsync("/account");
        var (name, zone) = (page.GetByLabel("Name", new() { Exact = true }), page.GetByLabel("Time zone", new() { Exact = true }));
        await name.FillAsync("  ");
        await zone.FillAsync("Nowhere/At all");
        await page.SubmitAsync("Save");
        await page.ExpectRefusedAsync("Name", "Enter your name.");
        await page.ExpectRefusedAsync("Time zone", "This time zone is not known.");
        await Expect(zone).ToHaveValueAsync("Nowhere/At all");

        await name.FillAsync("Mina the Second");
        await zone.FillAsync("Asia/Seoul");
        await page.GetByLabel("Language of mail and messages").SelectOptionAsync("ko");
        await page.SubmitAsync("Save");
        await page.ExpectNoticeAsync("Your profile is saved.");
        await page.GotoAsync("/account");
        await Expect(name).ToHaveValueAsync("Mina the Second");
        await Expect(zone).ToHaveValueAsync("Asia/Seoul");
        await Expect(page.GetByLabel("Language of mail and messages")).ToHaveValueAsync("ko");
        await Expect(page.Me()).ToContainTextAsync("Mina the Second");
        await page.GotoAsync($"/posts/{slug}");
        await Expect(page.Card(comment)).ToContainTextAsync("Mina the Second");
        Assert.NotEqual("Mina the Second", mina.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_picture_is_shown_in_the_header_and_on_comments_until_it_is_removed(bool javaScript)
    {
        var (page, _) = await OpenSignedInAsync(javaScript: javaScript);
        var slug = await site.NewPostAsync();
        var comment = await CommentAsync(page, slug, "With a face");
        await page.GotoAsync("/account");
        await page.SubmitAsync("Upload");
        await page.ExpectRefusedAsync("Picture", "Choose a file first.");
        await UploadAsync(page, "notes.png", "No picture at all"u8.ToArray());
        await page.ExpectRefusedAsync("Picture", "This file is no picture that can be shown here.");

        await UploadAsync(page, "me.png", await page.ScreenshotAsync());
        await page.ExpectNoticeAsync("Your picture is changed.");
        await ExpectPictureAsync(page.Me());
        await page.GotoAsync($"/posts/{slug}");
        await ExpectPictureAsync(page.Card(comment));
        await ExpectPictureAsync(page.Locator("#comment-form"));
        var reader = await OpenAsync(javaScript);
        await reader.GotoAsync($"/posts/{slug}");
        await ExpectPictureAsync(reader.Card(comment));

        await page.GotoAsync("/account");
        await page.SubmitAsync("Remove the picture");
        await page.ExpectNoticeAsync("Your picture is changed.");
        await page.GotoAsync($"/posts/{slug}");
        await Expect(page.Locator("img.avatar")).ToHaveCountAsync(0);
        await reader.ReloadAsync();
        await Expect(reader.Card(comment).Locator("img.avatar")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_changed_password_signs_all_other_browsers_out()
    {
        var (page, mina) = await OpenSignedInAsync();
        var elsewhere = await OpenAsync();
        await elsewhere.SignInAsync(mina);
        await page.GotoAsync("/account/security");
        await page.UnfoldAsync("Change password");
        await page.FillInAsync("New password", "password123");
        await Form(page, "password").GetByLabel("Your password").FillAsync("not this one");
        await page.SubmitAsync("Change password");
        await page.ExpectRefusedAsync("New password", "This one would be guessed early.");
        await Expect(Form(page, "password")).ToContainTextAsync("This is not your password.");

        var next = "nine green lamps over water";
        await Form(page, "password").GetByLabel("Your password").FillAsync(mina.Password);
        await page.FillInAsync("New password", next);
        await page.SubmitAsync("Change password");
        await page.ExpectNoticeAsync("Your password is changed. All other browsers are signed out.");
        await mina.NextMailAsync(mail => mail.Subject == "Your password was changed");
        mina.Password = next;
        await elsewhere.ReloadAsync();
        await elsewhere.ExpectHeadingAsync("Sign in");
        await elsewhere.SignInAsync(mina);
    }

    [Fact]
    public async Task Another_browser_is_signed_out_and_then_all_of_them()
    {
        var (page, mina) = await OpenSignedInAsync();
        var elsewhere = await OpenAsync();
        await elsewhere.SignInAsync(mina);
        await page.GotoAsync("/account/security");
        await Expect(page.GetByText("this one")).ToHaveCountAsync(1);
        await page.SubmitAsync("Sign out");
        await page.ExpectNoticeAsync("That browser is signed out.");
        await elsewhere.ReloadAsync();
        await elsewhere.ExpectHeadingAsync("Sign in");

        await elsewhere.SignInAsync(mina);
        await elsewhere.GotoAsync("/account/security");
        await elsewhere.SubmitAsync("Sign out everywhere");
        await elsewhere.ExpectNoticeAsync("You are signed out.");
        await page.ReloadAsync();
        await page.ExpectHeadingAsync("Sign in");
    }

    [Fact]
    public async Task A_form_that_is_sent_after_a_sign_out_elsewhere_says_that_nothing_was_changed()
    {
        var (page, mina) = await OpenSignedInAsync();
        var elsewhere = await OpenAsync();
        await elsewhere.SignInAsync(mina, "/account/security");
        await elsewhere.SubmitAsync("Sign out everywhere");
        await elsewhere.ExpectSignedOutAsync();

        await page.FillInAsync("Name", "Too late");
        await page.SubmitAsync("Save");
        await page.ExpectHeadingAsync("This form is too old");
        await page.ExpectSignedOutAsync();
        await page.SignInAsync(mina);
    }

    [Fact]
    public async Task Two_factors_are_turned_on_and_asked_for_at_the_next_sign_in()
    {
        var (page, mina) = await OpenSignedInAsync();
        await page.GotoAsync("/account/security");
        await page.FollowAsync("Turn on");
        await page.ExpectHeadingAsync("Turn on two-step verification");
        await page.FillInAsync("Code", "12");
        await page.SubmitAsync("Turn on");
        await page.ExpectRefusedAsync("Code", "This is not the code.");
        var (key, used, recovery) = await page.TurnOnTwoFactorAsync();
        Assert.Equal(AccountSecurity.RecoveryCodes, recovery.Distinct().Count());
        await mina.NextMailAsync(mail => mail.Subject == "Two-step verification was turned on");
        await page.FollowAsync("I have kept them");
        await page.ExpectHeadingAsync("Signing in");
        await page.SignOutAsync();

        await page.TypePasswordAsync(mina);
        await page.ExpectHeadingAsync("One more step");
        await page.ExpectSignedOutAsync();
        await page.FillInAsync("Code", used);
        await page.SubmitAsync("Sign in");
        await page.ExpectRefusedAsync("Code", "This code is wrong, or was used before.");
        await page.FillInAsync("Code", AuthenticatorApp.Code(key, 1));
        await page.SubmitAsync("Sign in");
        await page.ExpectSignedInAsync(mina);
        await page.SignOutAsync();

        await page.TypePasswordAsync(mina);
        await page.FillInAsync("Code", recovery[0]);
        await page.SubmitAsync("Sign in");
        await page.ExpectSignedInAsync(mina);
        await page.SignOutAsync();
        await page.TypePasswordAsync(mina);
        await page.FillInAsync("Code", recovery[0]);
        await page.SubmitAsync("Sign in");
        await page.ExpectRefusedAsync("Code", "This code is wrong, or was used before.");
    }

    [Fact]
    public async Task Two_factors_give_new_recovery_codes_and_are_turned_off_with_one()
    {
        var (page, mina) = await OpenSignedInAsync();
        await page.GotoAsync("/account/two-factor");
        var (key, _, earlier) = await page.TurnOnTwoFactorAsync();
        await page.GotoAsync("/account/security");
        await page.UnfoldAsync("Make new recovery codes");
        await Form(page, "codes").GetByLabel("Code of your app").FillAsync("000000");
        await page.SubmitAsync("Make new recovery codes");
        await Expect(Form(page, "codes")).ToContainTextAsync("This code is wrong, or was used before.");
        await Form(page, "codes").GetByLabel("Code of your app").FillAsync(AuthenticatorApp.Code(key, 1));
        await page.SubmitAsync("Make new recovery codes");
        var later = await page.RecoveryCodesAsync();
        Assert.Empty(later.Intersect(earlier));

        await page.GotoAsync("/account/security");
        await page.UnfoldAsync("Turn off");
        var code = Form(page, "two-factor-off").GetByLabel("Code of your app");
        await code.FillAsync(earlier[1]);
        await page.SubmitAsync("Turn off");
        await Expect(Form(page, "two-factor-off")).ToContainTextAsync("This code is wrong, or was used before.");
        await code.FillAsync(later[1]);
        await page.SubmitAsync("Turn off");
        await page.ExpectNoticeAsync("Two-step verification is off.");
        await page.SignOutAsync();
        await page.SignInAsync(mina);
    }

    [Fact]
    public async Task A_new_address_counts_once_its_mailbox_has_answered()
    {
        var (page, mina) = await OpenSignedInAsync();
        var moved = site.Person();
        await page.GotoAsync("/account/security");
        await page.UnfoldAsync("Change address");
        await page.FillInAsync("New address", moved.Email);
        await Form(page, "email").GetByLabel("Your password").FillAsync("not this one");
        await page.SubmitAsync("Send the link");
        await Expect(Form(page, "email")).ToContainTextAsync("This is not your password.");
        await Form(page, "email").GetByLabel("Your password").FillAsync(mina.Password);
        await page.SubmitAsync("Send the link");
        await page.ExpectNoticeAsync("A mail is on its way to the new address.");
        await Expect(page.Content()).ToContainTextAsync($"You sign in with {mina.Email}.");
        var link = await moved.NextLinkAsync("email");

        var (stranger, _) = await OpenSignedInAsync();
        await stranger.GotoAsync(link);
        await stranger.ExpectHeadingAsync("This link does not work");
        await page.GotoAsync(link);
        await page.ExpectHeadingAsync("Confirm your new address");
        await page.SubmitAsync("Use this address");
        await page.ExpectNoticeAsync("Your address is changed.");
        await Expect(page.Content()).ToContainTextAsync($"You sign in with {moved.Email}.");
        await mina.NextMailAsync(mail => mail.Subject == "Your address was changed");
        await page.SignOutAsync();
        await page.SignInAsync(moved);
    }

    [Fact]
    public async Task Everything_about_oneself_can_be_taken_along()
    {
        var (page, mina) = await OpenSignedInAsync();
        var comment = await CommentAsync(page, await site.NewPostAsync(), "Mine to keep");
        await page.GotoAsync("/account");
        await page.FollowAsync("Your data");
        await page.ExpectHeadingAsync("Your data");
        await Expect(page.Locator(".facts")).ToContainTextAsync(mina.Email);

        var download = await page.RunAndWaitForDownloadAsync(() => page.FollowAsync("Download"));
        Assert.Equal("my-data.json", download.SuggestedFilename);
        await using var file = await download.CreateReadStreamAsync();
        using var data = await JsonDocument.ParseAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(mina.Email, data.RootElement.GetProperty("profile").GetProperty("email").GetString());
        var own = Assert.Single(data.RootElement.GetProperty("comments").EnumerateArray());
        Assert.Equal((comment, "Mine to keep"), (own.GetProperty("id").GetGuid(), own.GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_deleted_account_leaves_its_comments_without_a_name_or_takes_them_along(bool javaScript, bool keep)
    {
        var (page, mina) = await OpenSignedInAsync(javaScript: javaScript);
        var slug = await site.NewPostAsync();
        var comment = await CommentAsync(page, slug, "Shall this stay?");
        await page.GotoAsync("/account/data");
        await page.UnfoldAsync("Delete the account");
        await page.GetByLabel(keep ? "They stay" : "They go too.").CheckAsync();
        await page.FillInAsync("Your password", "not this one");
        await page.SubmitAsync("Delete the account for good");
        await page.ExpectRefusedAsync("Your password", "This is not your password.");
        await Expect(page.GetByLabel(keep ? "They stay" : "They go too.")).ToBeCheckedAsync();
        await page.FillInAsync("Your password", mina.Password);
        await page.SubmitAsync("Delete the account for good");

        await page.ExpectNoticeAsync("Your account is deleted.");
        await page.ExpectSignedOutAsync();
        await mina.NextMailAsync(mail => mail.Subject == "Your account was deleted");
        await page.TypePasswordAsync(mina);
        await page.ExpectNoticeAsync("Address or password is wrong");
        await page.GotoAsync($"/posts/{slug}");
        Assert.DoesNotContain(mina.Name, await page.ContentAsync(), StringComparison.Ordinal);
        if (keep)
        {
            await Expect(page.Card(comment)).ToContainTextAsync("Shall this stay?");
            await Expect(page.Card(comment).Locator("h3")).ToHaveTextAsync("Deleted user");
        }
        else
        {
            await Expect(page.GetByText("Shall this stay?")).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task Rooms_behind_the_blog_open_to_those_who_look_after_it_alone()
    {
        var (reader, _) = await OpenSignedInAsync();
        await reader.GotoAsync("/admin");
        await reader.ExpectHeadingAsync("You do not have access to this page");
        Assert.Equal("/account/denied", PathOf(reader));
        await Expect(reader.Locator(".site-header").GetByText("Administration")).ToHaveCountAsync(0);

        var (moderator, _) = await OpenSignedInAsync(Roles.Moderator);
        await moderator.Locator(".site-header").GetByRole(AriaRole.Link, new() { Name = "Administration" }).ClickAsync();
        await moderator.ExpectHeadingAsync("Administration");
        await Expect(moderator.Locator(".overview .mud-typography-body2")).ToHaveTextAsync(["Posts", "Comments", "Accounts"]);
        await Expect(moderator.GetByText("People and roles")).ToHaveCountAsync(0);
        await moderator.GotoAsync("/admin/users");
        await moderator.ExpectHeadingAsync("You do not have access to this page");

        var stranger = await OpenAsync();
        await stranger.GotoAsync("/admin");
        await stranger.ExpectHeadingAsync("Sign in");
    }

    [Fact]
    public async Task An_administrator_gives_and_takes_roles()
    {
        var person = await site.AddPersonAsync("Someone else");
        var (page, _) = await OpenSignedInAsync(Roles.Administrator);
        await page.GotoAsync("/admin");
        await page.ExpectHeadingAsync("Turn on two-step verification");
        await page.TurnOnTwoFactorAsync();
        await page.FollowAsync("I have kept them");
        await page.ExpectHeadingAsync("Administration");
        await page.FollowAsync("People and roles");

        var roles = page.GetByRole(AriaRole.Form, new() { Name = $"Roles of {person.Name}" });
        await roles.GetByLabel("Moderator").CheckAsync();
        await roles.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Eventually.WaitUntilAsync(() => IsAsync(person, Roles.Moderator), "the role was given");
        await Expect(roles.GetByLabel("Moderator")).ToBeCheckedAsync();
        await roles.GetByLabel("Moderator").UncheckAsync();
        await roles.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Eventually.WaitUntilAsync(async () => !await IsAsync(person, Roles.Moderator), "the role was taken");
        await Expect(roles.GetByLabel("Moderator")).Not.ToBeCheckedAsync();
    }

    [Fact]
    public async Task The_link_in_the_log_of_a_fresh_blog_makes_its_administrator_once()
    {
        await using var fresh = await AccountBlog.StartAsync();
        var link = $"/account/setup/{SetupToken(fresh)}";
        var owner = new Person(fresh, "Ada Owner");
        var page = _errors.Watch(await chromium.OpenAsync(AccountBlog.AddressOf(fresh)));
        await page.GotoAsync(link);
        await page.ExpectHeadingAsync("Welcome to your blog");
        await page.SubmitAsync("Create the administrator");
        await page.ExpectRefusedAsync("Name", "Enter your name.");
        await page.FillInAsync("Name", owner.Name);
        await page.FillInAsync("Email", owner.Email);
        await page.FillInAsync("Password", owner.Password);
        await page.SubmitAsync("Create the administrator");

        await page.ExpectHeadingAsync("Turn on two-step verification");
        await page.ExpectSignedInAsync(owner);
        var stranger = _errors.Watch(await chromium.OpenAsync(AccountBlog.AddressOf(fresh)));
        await stranger.GotoAsync(link);
        await stranger.ExpectHeadingAsync("This link does not work");
    }

    public void Dispose() => _errors.ExpectNone();

    private static string PathOf(IPage page) => new Uri(page.Url).AbsolutePath;

    private static ILocator Form(IPage page, string name) => page.Locator($"form:has(input[name=_handler][value={name}])");

    private static string SetupToken(TestBlog blog) => blog.Services.GetRequiredService<IDataProtectionProvider>()
        .CreateProtector("BlazorBlog.Setup.v1").ToTimeLimitedDataProtector().Protect("any", TimeSpan.FromHours(1));

    private static async Task<Guid> CommentAsync(IPage page, string slug, string words)
    {
        await page.GotoAsync($"/posts/{slug}");
        await page.Body().FillAsync(words);
        await page.SubmitAsync("Post comment");
        var card = page.GetByRole(AriaRole.Article).Filter(new() { HasText = words });
        await Expect(card).ToBeVisibleAsync();
        return Guid.Parse((await card.GetAttributeAsync("id"))!["comment-".Length..]);
    }

    private static async Task UploadAsync(IPage page, string name, byte[] bytes)
    {
        await page.GetByLabel("Picture", new() { Exact = true }).SetInputFilesAsync(new FilePayload { Name = name, MimeType = "image/png", Buffer = bytes });
        await page.SubmitAsync("Upload");
    }

    /// <summary>There, and readable as a picture.</summary>
    private static async Task ExpectPictureAsync(ILocator place)
    {
        var picture = place.Locator("img.avatar");
        await Expect(picture).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex("^/avatars/"));
        // Loaded as soon as it comes into sight.
        await Eventually.WaitUntilAsync(() => picture.EvaluateAsync<bool>("image => { image.scrollIntoView(); return image.naturalWidth > 0; }"), "the picture was drawn");
    }

    private Task<bool> IsAsync(Person person, string role) => site.Blog.ReadAsync(db =>
        db.UserRoles.AnyAsync(held => held.RoleId == Roles.IdOf(role) && db.Users.Any(user => user.Id == held.UserId && user.Email == person.Email)));

    private async Task<IPage> OpenAsync(bool javaScript = true) => _errors.Watch(await chromium.OpenAsync(site.Address, javaScript));

    private async Task<(IPage Page, Person Person)> OpenSignedInAsync(string role = Roles.Reader, bool javaScript = true)
    {
        var person = await site.AddPersonAsync(role: role);
        var page = await OpenAsync(javaScript);
        await page.SignInAsync(person);
        return (page, person);
    }
}
