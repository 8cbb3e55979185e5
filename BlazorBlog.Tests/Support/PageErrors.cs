using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace BlazorBlog.Support;

/// <summary>What goes wrong in the browser while nobody looks: errors of scripts, and of the console.</summary>
public sealed class PageErrors
{
    private readonly ConcurrentQueue<string> _errors = new();

    public IPage Watch(IPage page)
    {
        page.PageError += (_, error) => _errors.Enqueue($"{page.Url}: {error}");
        page.Console += (_, message) =>
        {
            // The browser counts every refused form among the errors.
            if (message.Type == "error" && !message.Text.Contains("responded with a status of 4", StringComparison.Ordinal))
            {
                _errors.Enqueue($"{page.Url}: {message.Text}");
            }
        };
        return page;
    }

    public void ExpectNone() => Assert.Empty(_errors);
}
