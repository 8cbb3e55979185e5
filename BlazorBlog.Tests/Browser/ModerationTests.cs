using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>What moderators do in the thread, and for how long they can.</summary>
public sealed class ModerationTests(AccountBlog site, Chromium chromium) : IClassFixture<AccountBlog>, IClassFixture<Chromium>, IDisposable
{
    private const string NotAnyMore = "You are not a moderator any more; nothing was changed.";

    private readonly PageErrors _errors = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_moderator_hides_and_approves_goes_and_comes_in_the_page_of_a_reader(bool javaScript)
    {
        var (slug, id) = await NewThreadAsync("Rather rude");
        var reader = await OpenReaderAsync(slug);
        var (page, _) = await OpenModeratorAsync(slug, javaScript);
        await Expect(Tools(reader)).ToHaveCountAsync(0);
        await Expect(ButtonsOf(page.Card(id))).ToHaveTextAsync(["Hide", "Spam"]);

        await ButtonsOf(page.Card(id)).GetByText("Hide").ClickAsync();
        await Expect(reader.Card(id)).ToHaveCountAsync(0);
        await Expect(page.Card(id)).ToHaveCountAsync(0);
        Assert.Equal(CommentStatus.Hidden, await StatusAsync(id));
        await page.GetByText("Hidden and spam (1)").ClickAsync();
        await Expect(Moderated(page, id)).ToContainTextAsync("Rather rude");
        await Expect(Moderated(page, id).GetByRole(AriaRole.Button)).ToHaveTextAsync(["Approve", "Spam"]);

        await Moderated(page, id).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Expect(reader.Card(id)).ToContainTextAsync("Rather rude");
        await Expect(page.Card(id)).ToContainTextAsync("Rather rude");
        await Expect(page.GetByText("Hidden and spam")).ToHaveCountAsync(0);
        Assert.Equal(CommentStatus.Approved, await StatusAsync(id));

        await ButtonsOf(page.Card(id)).GetByText("Spam").ClickAsync();
        await Expect(reader.Card(id)).ToHaveCountAsync(0);
        await page.GetByText("Hidden and spam (1)").ClickAsync();
        await Expect(Moderated(page, id)).ToContainTextAsync("marked as spam");
        Assert.Equal(CommentStatus.Spam, await StatusAsync(id));
        await reader.ExpectNotReloadedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_held_comment_comes_to_the_moderators_open_page_and_after_approval_to_everybodys(bool javaScript)
    {
        await using var careful = await AccountBlog.StartAsync(options => options.Settings["Comments:Moderation"] = "All");
        var slug = (await careful.AddPostAsync()).Slug;
        var moderator = await AccountBlog.AddPersonAsync(careful, "Mo", Roles.Moderator);
        var address = AccountBlog.AddressOf(careful);
        var reader = _errors.Watch(await chromium.OpenPostAsync(address, slug));
        var page = _errors.Watch(await chromium.OpenAsync(address, javaScript));
        await page.SignInAsync(moderator, $"/posts/{slug}");
        if (javaScript)
        {
            await page.ExpectLiveAsync();
        }

        using var visitor = careful.Visitor();
        await visitor.CommentAsync(slug, "May I come in?");
        var id = Assert.Single(await careful.CommentsAsync()).Id;
        if (!javaScript)
        {
            await page.GotoAsync("/admin");
            await page.FollowAsync("Slow coffee");
        }

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "1 comment waits for you" })).ToBeVisibleAsync();
        await Expect(Moderated(page, id)).ToContainTextAsync("May I come in?");
        await Expect(Moderated(page, id).GetByRole(AriaRole.Button)).ToHaveTextAsync(["Approve", "Hide", "Spam"]);
        await Expect(Tools(reader)).ToHaveCountAsync(0);
        Assert.DoesNotContain("May I come in?", await reader.ContentAsync(), StringComparison.Ordinal);

        await Moderated(page, id).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Expect(reader.Card(id)).ToContainTextAsync("May I come in?");
        await Expect(page.Card(id)).ToContainTextAsync("May I come in?");
        await Expect(Moderated(page, id)).ToHaveCountAsync(0);
        await reader.ExpectNotReloadedAsync();
        // Before the blog goes, whose end they would complain of.
        await reader.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_role_that_was_taken_away_ends_with_the_next_click_in_the_open_page()
    {
        var (slug, id) = await NewThreadAsync("Still here");
        var (page, mo) = await OpenModeratorAsync(slug, javaScript: true);
        await TakeRoleAsync(mo);

        await ButtonsOf(page.Card(id)).GetByText("Hide").ClickAsync();
        await ExpectRefusedAsync(page, id);
    }

    [Fact]
    public async Task Without_scripts_the_next_form_is_refused_when_the_role_was_taken_away()
    {
        var (slug, id) = await NewThreadAsync("Still here");
        var (page, mo) = await OpenModeratorAsync(slug, javaScript: false);
        await TakeRoleAsync(mo);

        await ButtonsOf(page.Card(id)).GetByText("Hide").ClickAsync();
        await page.ExpectHeadingAsync("You do not have access to this page");
        Assert.Equal(CommentStatus.Approved, await StatusAsync(id));
        await page.GotoAsync($"/posts/{slug}");
        await Expect(page.Card(id)).ToBeVisibleAsync();
        await Expect(Tools(page)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_sign_out_everywhere_ends_the_tools_of_the_open_page_with_the_next_click()
    {
        var (slug, id) = await NewThreadAsync("Still here");
        var (page, mo) = await OpenModeratorAsync(slug, javaScript: true);
        var elsewhere = _errors.Watch(await chromium.OpenAsync(site.Address));
        await elsewhere.SignInAsync(mo, "/account/security");
        await elsewhere.SubmitAsync("Sign out everywhere");
        await elsewhere.ExpectSignedOutAsync();

        await ButtonsOf(page.Card(id)).GetByText("Spam").ClickAsync();
        await ExpectRefusedAsync(page, id);
    }

    [Fact]
    public async Task Whatever_happens_in_the_thread_takes_the_tools_from_whoever_lost_the_role()
    {
        var (slug, id) = await NewThreadAsync("Still here");
        var (page, mo) = await OpenModeratorAsync(slug, javaScript: true);
        await TakeRoleAsync(mo);
        using var visitor = site.Blog.Visitor("Yuna");
        var later = await visitor.MustCommentAsync(slug, "Another word");

        await Expect(page.Card(later)).ToBeVisibleAsync();
        await Expect(Tools(page)).ToHaveCountAsync(0);
        await Expect(page.Card(id)).ToBeVisibleAsync();
    }

    public void Dispose() => _errors.ExpectNone();

    private static ILocator Tools(IPage page) => page.Locator(".moderate");

    private static ILocator ButtonsOf(ILocator card) => card.Locator("xpath=following-sibling::*[contains(@class, 'moderate')][1]").GetByRole(AriaRole.Button);

    private static ILocator Moderated(IPage page, Guid id) => page.Locator($"[data-moderated='{id}']");

    private async Task<(string Slug, Guid Comment)> NewThreadAsync(string words)
    {
        var slug = await site.NewPostAsync();
        using var visitor = site.Blog.Visitor();
        return (slug, await visitor.MustCommentAsync(slug, words));
    }

    private async Task<IPage> OpenReaderAsync(string slug) => _errors.Watch(await chromium.OpenPostAsync(site.Address, slug));

    private async Task<(IPage Page, Person Moderator)> OpenModeratorAsync(string slug, bool javaScript)
    {
        var mo = await site.AddPersonAsync("Mo", Roles.Moderator);
        var page = _errors.Watch(await chromium.OpenAsync(site.Address, javaScript));
        await page.SignInAsync(mo, $"/posts/{slug}");
        await Expect(Tools(page).First).ToBeVisibleAsync();
        if (javaScript)
        {
            await page.ExpectLiveAsync();
        }

        return (page, mo);
    }

    private Task TakeRoleAsync(Person person) => site.Blog.ChangeAsync(async db =>
        db.UserRoles.Remove(await db.UserRoles.SingleAsync(held => held.RoleId == Roles.IdOf(Roles.Moderator) && db.Users.Any(user => user.Id == held.UserId && user.Email == person.Email))));

    private Task<CommentStatus> StatusAsync(Guid id) => site.Blog.ReadAsync(db => db.Comments.Where(comment => comment.Id == id).Select(comment => comment.Status).SingleAsync());

    /// <summary>It says so, nothing changed, and the tools are gone.</summary>
    private async Task ExpectRefusedAsync(IPage page, Guid id)
    {
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = NotAnyMore })).ToBeVisibleAsync();
        await Expect(ButtonsOf(page.Card(id))).ToHaveCountAsync(0);
        await Expect(page.Card(id)).ToBeVisibleAsync();
        Assert.Equal(CommentStatus.Approved, await StatusAsync(id));
    }
}
