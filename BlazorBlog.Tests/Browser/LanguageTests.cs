using BlazorBlog.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

public sealed class LanguageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_korean_thread_stays_korean_whatever_arrives()
    {
        await using var blog = await SeededBlog.StartAsync(options => options.Settings["Site:Culture"] = "ko");
        var page = await chromium.OpenPostAsync(blog.Address, "own-your-blog");
        var root = (await page.Locator(".comments article").First.GetAttributeAsync("id"))![8..];
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "댓글 10개" })).ToBeVisibleAsync();

        using var visitor = blog.Visitor("하나");
        await visitor.MustCommentAsync("own-your-blog", "잘 읽었어요.", new() { ["ParentId"] = root });

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "댓글 11개" })).ToBeVisibleAsync();
        await Expect(page.Locator("[data-announce]")).ToHaveTextAsync("하나 님의 새 댓글");
        await Expect(page.Locator("summary[data-key=branch]").First).ToHaveTextAsync("답글 3개");
        await Expect(page.Locator(".order")).ToHaveTextAsync("최신순");
    }
}
