using Microsoft.Playwright;
using Xunit.Sdk;

namespace BlazorBlog.Support;

/// <summary>One real browser for the tests of a class; where there is none, they are skipped and say how to get it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string? Executable =
        new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    /// <summary>Milliseconds. A cap for a busy machine, not a wait: every expectation ends as soon as it holds.</summary>
    private const float Patience = 20_000;

    private readonly Lock _gate = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private List<IBrowserContext> _contexts = [];
    private ITest? _test;

    public async ValueTask InitializeAsync()
    {
        if (Executable is null)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page of a fresh profile.</summary>
    public async Task<IPage> OpenAsync(Uri site, bool javaScript = true)
    {
        Assert.SkipWhen(_browser is null, "No Chromium here. Install it (Debian: apt-get install chromium) or name it in the environment variable CHROMIUM.");
        await CloseThoseOfEarlierTestsAsync();
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = site.AbsoluteUri, JavaScriptEnabled = javaScript });
        lock (_gate)
        {
            _contexts.Add(context);
        }

        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    /// <summary>Pages that nobody looks at any more stay as busy as if somebody did.</summary>
    private async Task CloseThoseOfEarlierTestsAsync()
    {
        List<IBrowserContext> earlier = [];
        lock (_gate)
        {
            if (_test != TestContext.Current.Test)
            {
                _test = TestContext.Current.Test;
                (earlier, _contexts) = (_contexts, []);
            }
        }

        foreach (var context in earlier)
        {
            await context.CloseAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
