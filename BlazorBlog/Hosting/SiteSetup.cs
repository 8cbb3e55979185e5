using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Localization;

namespace BlazorBlog.Hosting;

public static partial class SiteSetup
{
    public static void AddSite(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var site = builder.AddSettings<SiteSettings>("Site");
        services.AddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        services.AddLocalization();

        // Every anonymous reader gets the same bytes, so the language is the site's and not the browser's.
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.DefaultRequestCulture = new RequestCulture(site.Culture.ToCultureInfo());
            options.SupportedCultures = options.SupportedUICultures = [site.Culture.ToCultureInfo()];
            options.RequestCultureProviders.Clear();
        });

        // A proxy on the same machine is believed; others are named by ASPNETCORE_FORWARDEDHEADERS_ENABLED and the usual options.
        services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto);
    }

    /// <summary>Says where the blog can be opened, once it listens.</summary>
    public static void AnnounceAddress(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        foreach (var url in app.Urls)
        {
            LogOpen(app.Logger, app.Services.GetRequiredService<SiteSettings>().Title, url);
            if (app.Environment.IsDevelopment())
            {
                LogMailbox(app.Logger, url);
            }
        }
    });

    [LoggerMessage(LogLevel.Information, "{Title} is open at {Url}")]
    private static partial void LogOpen(ILogger logger, string title, string url);

    [LoggerMessage(LogLevel.Information, "Mail and SMS can be read at {Url}/dev/mailbox")]
    private static partial void LogMailbox(ILogger logger, string url);
}
