using System.Globalization;
using BlazorBlog.Hosting;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Support;

/// <summary>Renders components as a reader of the given language sees them, at <see cref="Now"/>, on a site in Seoul's time.</summary>
public sealed class ReaderContext : BunitContext
{
    public static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

    public ReaderContext(string language = "en")
    {
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        Services.AddLocalization();
        Services.AddSingleton<TimeProvider>(new StillClock(Now));
        Services.AddSingleton(new SiteSettings { Title = "Small Hours", TimeZone = "Asia/Seoul" });
    }

    protected override void Dispose(bool disposing)
    {
        CultureInfo.CurrentUICulture = _before;
        base.Dispose(disposing);
    }
}
