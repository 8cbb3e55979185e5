using System.Globalization;
using BlazorBlog.Hosting;
using BlazorBlog.Threads;
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
        Services.AddSingleton(new SiteSettings { Title = "Small Hours", TimeZone = "Asia/Seoul", Culture = language == "ko" ? SiteCulture.Ko : SiteCulture.En });
        Services.AddSingleton<CommentCards>();
    }

    /// <summary>A thread as a page shows it that no circuit has taken over.</summary>
    internal async Task<IRenderedComponent<CommentThread>> RenderThreadAsync(ThreadView thread, bool closed = false, bool newestFirst = false, Guid? around = null)
    {
        var page = ThreadWindow.Open(thread, newestFirst, around).Look(thread);
        await Services.GetRequiredService<CommentCards>().PrepareAsync(page.Comments(), thread.Slug, closed);
        return Render<CommentThread>(p => p.Add(x => x.Thread, thread).Add(x => x.Page, page).Add(x => x.Closed, closed).Add(x => x.NewestFirst, newestFirst));
    }

    protected override void Dispose(bool disposing)
    {
        CultureInfo.CurrentUICulture = _before;
        base.Dispose(disposing);
    }
}
