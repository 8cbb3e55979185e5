using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace BlazorBlog.Support;

/// <summary>
/// Runs axe within the page. Deque's own <c>RunAxe</c> loads its script anew each time, opens a second page to finish for the sake of
/// frames, which the blog has none of, and takes ten times as long.
/// </summary>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <returns>What the page violates and where, empty when nothing.</returns>
    public static async Task<string[]> ViolationsAsync(this IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        return await page.EvaluateAsync<string[]>(
            """
            async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
                .flatMap(violation => violation.nodes.map(node => `${violation.id}: ${violation.help}\n  ${node.html}`))
            """);
    }
}
