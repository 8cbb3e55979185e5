using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>Whoever wants an account in the middle of a comment gets one, and goes on where they were.</summary>
public sealed class SignUpFromCommentTests(AccountBlog site, Chromium chromium) : IClassFixture<AccountBlog>, IClassFixture<Chromium>, IDisposable
{
    private const string Words = "Half a thought,\nand **another half**";

    private readonly PageErrors _errors = new();

    [Theory]
    [InlineData("create one", false)]
    [InlineData("create one", true)]
    [InlineData("Sign in", false)]
    [InlineData("Sign in", true)]
    public async Task A_comment_that_was_begun_without_an_account_is_posted_with_one(string way, bool answering)
    {
        var isNew = way == "create one";
        var mina = isNew ? site.Person() : await site.AddPersonAsync();
        var slug = await site.NewPostAsync();
        using var visitor = site.Blog.Visitor("Ines");
        var answered = await visitor.MustCommentAsync(slug, "A question");
        var page = _errors.Watch(await chromium.OpenPostAsync(site.Address, slug));
        if (answering)
        {
            await page.Card(answered).Locator("[data-reply]").ClickAsync();
        }

        await page.Body().FillAsync(Words);
        await Expect(page.GetByText("What you are writing is kept.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Both open in a new tab")).ToBeHiddenAsync();
        await page.Locator("#comment-form").GetByRole(AriaRole.Link, new() { Name = way }).ClickAsync();
        if (isNew)
        {
            await page.BeginToSignUpAsync(mina);
            await page.TypeCodeAsync(await mina.NextCodeAsync());
        }
        else
        {
            await page.TypePasswordAsync(mina);
        }

        await page.ExpectSignedInAsync(mina);
        Assert.Equal($"/posts/{slug}", new Uri(page.Url).AbsolutePath);
        await Expect(page.Body()).ToHaveValueAsync(Words);
        await Expect(page.GetByRole(AriaRole.Form, new() { Name = answering ? "Reply to Ines" : "Leave a comment" })).ToBeVisibleAsync();
        await Expect(page.Locator("#comment-form [name=ParentId]")).ToHaveValueAsync(answering ? answered.ToString() : "");
        await ExpectNoPersonAskedForAsync(page);
        await Expect(page.Locator("#comment-form")).ToContainTextAsync($"You comment as {mina.Name}");

        await page.ExpectLiveAsync();
        await page.SubmitAsync("Post comment");
        var own = page.GetByRole(AriaRole.Article, new() { Name = mina.Name });
        await Expect(own).ToContainTextAsync("and another half");
        await Expect(page.Body()).ToHaveValueAsync("");
        var comment = await site.Blog.ReadAsync(db => db.Comments.SingleAsync(comment => comment.Post!.Slug == slug && comment.Body == Words));
        Assert.Equal(mina.Name, comment.AuthorName);
        Assert.NotNull(comment.UserId);
        Assert.Null(comment.GuestId);
        Assert.Equal(answering ? answered : null, comment.ParentId);
    }

    [Fact]
    public async Task Without_scripts_the_text_waits_in_its_tab_and_another_signs_up()
    {
        var mina = site.Person();
        var slug = await site.NewPostAsync();
        using var visitor = site.Blog.Visitor("Ines");
        var answered = await visitor.MustCommentAsync(slug, "A question");
        var page = _errors.Watch(await chromium.OpenAsync(site.Address, javaScript: false));
        await page.GotoAsync($"/posts/{slug}");
        await page.Card(answered).Locator("[data-reply]").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Form, new() { Name = "Reply to Ines" })).ToBeVisibleAsync();
        await page.Body().FillAsync("An answer");
        // Nobody keeps it here but the tab.
        await Expect(page.GetByText("What you are writing is kept.")).ToBeHiddenAsync();
        await Expect(page.GetByText("what you are writing stays in this one")).ToBeVisibleAsync();
        var other = _errors.Watch(await page.RunAndWaitForPopupAsync(
            () => page.Locator("#comment-form").GetByRole(AriaRole.Link, new() { Name = "create one" }).ClickAsync()));
        await other.BeginToSignUpAsync(mina);
        await other.TypeCodeAsync(await mina.NextCodeAsync());
        // The way back leads to what was to be answered.
        await Expect(other.GetByRole(AriaRole.Form, new() { Name = "Reply to Ines" })).ToBeVisibleAsync();
        await ExpectNoPersonAskedForAsync(other);

        await Expect(page.Body()).ToHaveValueAsync("An answer");
        await page.SubmitAsync("Post comment");
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = mina.Name })).ToContainTextAsync("An answer");
        Assert.Equal(answered, Assert.Single(await site.Blog.CommentsAsync(), comment => comment.Body == "An answer").ParentId);
    }

    [Fact]
    public async Task The_link_in_the_header_of_a_kept_page_leads_back_to_it()
    {
        var mina = await site.AddPersonAsync();
        var slug = await site.NewPostAsync();
        await (await OpenAsync(slug)).CloseAsync();
        var page = await OpenAsync(slug, "?from=a-friend");
        await page.Locator(".site-header").GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.TypePasswordAsync(mina);

        await page.ExpectSignedInAsync(mina);
        Assert.Equal($"/posts/{slug}", new Uri(page.Url).AbsolutePath);
    }

    [Fact]
    public async Task A_page_made_for_a_person_is_shown_to_nobody_else()
    {
        var (mina, juno) = (await site.AddPersonAsync(), await site.AddPersonAsync("Juno Lind"));
        var slug = await site.NewPostAsync();
        var (one, other) = (await OpenAsync(slug), await OpenAsync(slug));
        await one.SignInAsync(mina, $"/posts/{slug}");
        await other.SignInAsync(juno, $"/posts/{slug}");

        foreach (var path in new[] { "/", $"/posts/{slug}" })
        {
            // Each is asked for after the other was made.
            foreach (var _ in Enumerable.Range(0, 2))
            {
                await ExpectOnlyAsync(one, path, mina.Name, juno.Name);
                await ExpectOnlyAsync(other, path, juno.Name, mina.Name);
                var anybody = await OpenAsync(slug);
                await ExpectOnlyAsync(anybody, path, "Sign in", mina.Name, juno.Name, "_handler", "__RequestVerificationToken");
                await anybody.CloseAsync();
            }
        }

        await one.SignOutAsync();
        await ExpectOnlyAsync(one, $"/posts/{slug}", "Sign in", mina.Name, juno.Name);
        await Expect(one.GetByLabel("Name", new() { Exact = true })).ToBeVisibleAsync();
    }

    public void Dispose() => _errors.ExpectNone();

    private static async Task ExpectNoPersonAskedForAsync(IPage page)
    {
        await Expect(page.Locator("#comment-form [name=Name]")).ToHaveCountAsync(0);
        await Expect(page.Locator("#comment-form [name=Email]")).ToHaveCountAsync(0);
    }

    /// <summary>Looks at the page as it came, before any script touched it.</summary>
    private static async Task ExpectOnlyAsync(IPage page, string path, string own, params string[] others)
    {
        var html = await (await page.GotoAsync(path))!.TextAsync();
        Assert.Contains(own, html, StringComparison.Ordinal);
        Assert.All(others, other => Assert.DoesNotContain(other, html, StringComparison.Ordinal));
    }

    private async Task<IPage> OpenAsync(string slug, string query = "")
    {
        var page = _errors.Watch(await chromium.OpenAsync(site.Address));
        await page.GotoAsync($"/posts/{slug}{query}");
        return page;
    }
}
