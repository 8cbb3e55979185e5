using BlazorBlog.Comments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Support;

/// <summary>What a reader does and sees on the page of a post.</summary>
internal static class ReaderPage
{
    /// <summary>Opens a post and waits until its thread is live.</summary>
    public static async Task<IPage> OpenPostAsync(this Chromium chromium, Uri site, string slug, string query = "")
    {
        var page = await chromium.OpenAsync(site);
        await page.GotoAsync($"/posts/{slug}{query}");
        await page.ExpectLiveAsync();
        // A page that is loaded again forgets it.
        await page.EvaluateAsync("window.sameVisit = true");
        return page;
    }

    public static Task ExpectLiveAsync(this IPage page) => Expect(page.Locator("[data-live]")).ToHaveCountAsync(1);

    public static async Task ExpectNotReloadedAsync(this IPage page) =>
        Assert.True(await page.EvaluateAsync<bool>("window.sameVisit === true"), "The page was loaded again.");

    public static ILocator Card(this IPage page, Guid id) => page.Locator($"article#comment-{id}");

    /// <summary>The form's body field.</summary>
    public static ILocator Body(this IPage page) => page.GetByLabel("Comment", new() { Exact = true });

    /// <summary>Posts a comment with the form.</summary>
    /// <returns>Its id.</returns>
    public static async Task<Guid> CommentAsync(this IPage page, string name, string body)
    {
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.Body().FillAsync(body);
        return await page.SendAsync();
    }

    /// <summary>Answers a comment with the form.</summary>
    public static async Task<Guid> ReplyAsync(this IPage page, Guid id, string name, string body)
    {
        await page.Card(id).Locator("[data-reply]").ClickAsync();
        return await page.CommentAsync(name, body);
    }

    private static async Task<Guid> SendAsync(this IPage page)
    {
        var response = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Post comment" }).ClickAsync(),
            response => response.Request.Method == "POST" && response.Url.EndsWith("/comments", StringComparison.Ordinal));
        return (await response.JsonAsync())!.Value.GetProperty("id").GetGuid();
    }

    /// <summary>Waits until the page shows exactly what the database holds of a thread: every comment, its words, its place.</summary>
    public static Task ExpectEqualToDatabaseAsync(this IPage page, DatabaseBlog node, string slug) => Eventually.WaitUntilAsync(
        async () =>
        {
            await using var db = node.OpenContext();
            var rows = await db.Comments.AsNoTracking()
                .Where(comment => comment.Post!.Slug == slug && (comment.Status == CommentStatus.Approved || comment.RemovedAt != null))
                .Select(comment => new { comment.Id, comment.ParentId, comment.Body, comment.RemovedAt, comment.Reactions })
                .ToListAsync(TestContext.Current.CancellationToken);
            // A comment that was removed is shown for its replies alone.
            var shown = rows.Where(row => row.RemovedAt is null).ToList();
            var byId = rows.ToDictionary(row => row.Id);
            for (var at = 0; at < shown.Count; at++)
            {
                if (shown[at].ParentId is { } parentId && byId.TryGetValue(parentId, out var parent) && !shown.Contains(parent))
                {
                    shown.Add(parent);
                }
            }

            var expected = shown.Select(row => $"{row.Id} below {row.ParentId?.ToString() ?? "-"}: {(row.RemovedAt is null ? $"{string.Join(' ', row.Body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))} {row.Reactions.Like}" : "removed")}");
            var seen = await page.TryEvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll(".comments article")].map(article => {
                    const above = article.closest("ol").dataset.repliesOf || "-";
                    const words = article.querySelector(".comment-body")?.textContent.trim().replace(/\s+/g, " ");
                    const likes = article.querySelector(".reactions [value=like] span")?.textContent ?? "0";
                    return `${article.id.slice(8)} below ${above}: ${words === undefined ? "removed" : `${words} ${likes}`}`;
                })
                """);
            return seen is not null && expected.Order(StringComparer.Ordinal).SequenceEqual(seen.Order(StringComparer.Ordinal));
        },
        "the thread in the browser equals the database");

    /// <returns>Null while the page is just being loaded again.</returns>
    private static async Task<T?> TryEvaluateAsync<T>(this IPage page, string script) where T : class
    {
        try
        {
            return await page.EvaluateAsync<T>(script);
        }
        catch (PlaywrightException exception) when (exception.Message.Contains("Execution context was destroyed", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>Where the page is scrolled to, and where an element stands in the window, in CSS pixels.</summary>
    public static async Task<(double Scroll, double Top)> PlaceAsync(this IPage page, ILocator element)
    {
        var place = await element.EvaluateAsync<double[]>("element => [scrollY, element.getBoundingClientRect().top]");
        return (place[0], place[1]);
    }
}
