using Microsoft.Playwright;
using Xunit.Sdk;

[assembly: AssemblyFixture(typeof(BlazorBlog.Support.ChromiumBrowser))]

namespace BlazorBlog.Support;

/// <summary>The one real browser of a test run, started for the first page that a test opens.</summary>
public sealed class ChromiumBrowser : IAsyncDisposable
{
    private static readonly string? Executable =
        new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    /// <summary>Milliseconds. A cap for a busy machine, not a wait: every expectation ends as soon as it holds.</summary>
    private const float Patience = 20_000;

    /// <summary>
    /// The popup of the address bar is two pages in a process of their own for every window, and a spare process waits for every profile:
    /// more than half of what a window costs. Chromium takes the last list alone, so the features that Playwright turns off stand here again.
    /// </summary>
    private static readonly string[] DisabledFeatures =
    [
        "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess",
        "HttpsUpgrades", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
        "BlockOriginHeaderModificationOnRedirect", "AvoidCorsURLLoaderRestartOnRedirect", "MediaRouter", "DialMediaRouteProvider",
        "GlobalMediaControls", "LensOverlay", "Translate", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    ];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _launched = new(LaunchAsync);

    /// <summary>A fresh profile.</summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        Assert.SkipWhen(Executable is null, "No Chromium here. Install it (Debian: apt-get install chromium) or name it in the environment variable CHROMIUM.");
        var context = await (await _launched.Value).Browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_launched.IsValueCreated)
        {
            var (playwright, browser) = await _launched.Value;
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-features=" + string.Join(',', DisabledFeatures)],
        });
        return (playwright, browser);
    }
}

/// <summary>The browser's pages for the tests of a class; where there is no browser, they are skipped and say how to get it.</summary>
public sealed class Chromium(ChromiumBrowser browser) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private List<IBrowserContext> _contexts = [];
    private ITest? _test;

    /// <summary>A page of a fresh profile.</summary>
    public async Task<IPage> OpenAsync(Uri site, bool javaScript = true)
    {
        await CloseThoseOfEarlierTestsAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = site.AbsoluteUri, JavaScriptEnabled = javaScript });
        lock (_gate)
        {
            _contexts.Add(context);
        }

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

        await CloseAsync(earlier);
    }

    public async ValueTask DisposeAsync() => await CloseAsync(_contexts);

    private static async Task CloseAsync(List<IBrowserContext> contexts)
    {
        foreach (var context in contexts)
        {
            await context.CloseAsync();
        }
    }
}
