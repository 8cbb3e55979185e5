using BlazorBlog.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>axe finds nothing to complain of on a post's page, with scripts and without, by day and by night.</summary>
public sealed class AccessibilityTests(SeededBlog blog, Chromium chromium) : IClassFixture<SeededBlog>, IClassFixture<Chromium>
{
    private const string Post = "/posts/three-shapes-of-time";

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Of_the_live_page_with_everything_open(ColorScheme scheme)
    {
        var page = await chromium.OpenAsync(blog.Address);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync(Post);
        await page.ExpectLiveAsync();
        var own = await page.CommentAsync("Kim", "A word of my own");
        await Expect(page.Card(own).GetByRole(AriaRole.Button, new() { Name = "Edit" })).ToBeVisibleAsync();
        await page.Card(own).GetByLabel("React").ClickAsync();
        await page.Card(own).GetByRole(AriaRole.Button, new() { Name = "Like" }).ClickAsync();
        await Expect(page.Card(own).GetByRole(AriaRole.Button, new() { Name = "Like, 1" })).ToBeVisibleAsync();
        // Small enough for nothing of the first conversation to be in sight.
        await page.SetViewportSizeAsync(1280, 400);
        await page.EvaluateAsync("scrollTo(0, document.body.scrollHeight)");
        var first = (await page.Locator(".comments article").First.GetAttributeAsync("id"))![8..];
        using var ben = blog.Blog.Visitor("Ben");
        await ben.MustCommentAsync("three-shapes-of-time", $"From above, {scheme}", new() { ["ParentId"] = first });
        await Expect(page.Locator("[data-pill]")).ToBeVisibleAsync();
        await page.Card(own).GetByLabel("React").ClickAsync();

        await ExpectNothingAsync(page);
    }

    [Fact]
    public async Task Of_the_form_that_answers_and_that_edits()
    {
        var page = await chromium.OpenPostAsync(blog.Address, "three-shapes-of-time");
        var own = await page.CommentAsync("Kim", "To be edited");
        await page.Card(own).Locator("[data-reply]").ClickAsync();
        await ExpectNothingAsync(page);
        await page.Card(own).GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Form, new() { Name = "Edit your comment" })).ToBeVisibleAsync();
        await ExpectNothingAsync(page);
    }

    /// <summary>axe itself needs scripts: the page is made without them, and looked at in another one that holds the same bytes.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("?sort=newest")]
    public async Task Of_the_page_without_scripts(string query)
    {
        var plain = await chromium.OpenAsync(blog.Address, javaScript: false);
        await plain.GotoAsync(Post + query);
        var html = await plain.ContentAsync();
        var page = await chromium.OpenAsync(blog.Address);
        await page.RouteAsync("**/*.js", route => route.AbortAsync());
        await page.RouteAsync($"**{Post}{query}", route => route.FulfillAsync(new() { Body = html, ContentType = "text/html; charset=utf-8" }));
        await page.GotoAsync(Post + query);

        await ExpectNothingAsync(page);
    }

    private static async Task ExpectNothingAsync(IPage page)
    {
        var violations = await page.ViolationsAsync();
        Assert.True(violations.Length == 0, string.Join('\n', violations));
    }
}
