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

    /// <summary>Each of these made the page of a telephone wider than its window, or could.</summary>
    private static readonly string[] Wide =
    [
        string.Concat(Enumerable.Repeat("> ", 60)) + "quoted",
        string.Concat(Enumerable.Range(0, 20).Select(level => $"{new string(' ', level * 2)}- level {level}\n")),
        string.Concat(Enumerable.Range(0, 10).Select(_ => "> 1. ")) + "deep",
        "> > > - 1. ---\n\n> > > - 1. ```\n> > >      " + new string('x', 300) + "\n> > >      ```",
        new string('w', 3000),
        $"https://example.com/{new string('a', 900)}",
        $"`{new string('c', 900)}`",
        $"```\n{new string('c', 900)}\n```",
        $"| {new string('t', 300)} {string.Concat(Enumerable.Repeat("| h ", 20))}|\n|{string.Concat(Enumerable.Repeat("---|", 21))}\n| {string.Concat(Enumerable.Repeat("c | ", 21))}",
        $"# {new string('H', 500)}",
        string.Concat(Enumerable.Repeat("\u00A0x", 300)),
        string.Concat(Enumerable.Repeat("\uFDFD", 20)),
        "z" + string.Concat(Enumerable.Repeat("\u0334\u0301\u0489", 300)),
        string.Concat(Enumerable.Repeat("한", 900)),
        $"- [ ] {new string('b', 300)}\n  - [x] {new string('b', 300)}",
        $"שלום\n\n- {new string('ש', 400)}\n\n> {new string('ש', 400)}",
        "\u202E" + new string('r', 900),
    ];

    [Fact]
    public async Task The_page_is_as_wide_as_the_window_of_a_telephone_whatever_is_written()
    {
        var parent = "";
        foreach (var (body, i) in Wide.Select((body, i) => (body, i)))
        {
            // Nested as deeply as a thread goes, where least room is left.
            using var writer = blog.Blog.Visitor(i % 2 == 0 ? new string('N', 80) : string.Concat(Enumerable.Repeat("\uFDFD", 20)));
            using var comment = await writer.CommentAsync("lighthouse-sketch", body, new() { ["ParentId"] = parent });
            parent = i < 8 ? $"{Visitor.CommentId(comment)}" : parent;
        }

        var page = await chromium.OpenAsync(blog.Address);
        await page.SetViewportSizeAsync(320, 640);
        await page.GotoAsync("/posts/lighthouse-sketch");
        await page.ExpectLiveAsync();

        var wide = await page.EvaluateAsync<string[]>(
            """
            () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
                .filter(element => element.getBoundingClientRect().right > innerWidth).map(element => element.outerHTML.slice(0, 200))
            """);
        Assert.Empty(wide);
        Assert.Equal(320, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.Equal("rtl", await page.Locator("[dir=auto] > p[dir=auto]", new() { HasText = "שלום" }).EvaluateAsync<string>("block => getComputedStyle(block).direction"));
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
