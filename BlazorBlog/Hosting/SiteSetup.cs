using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Localization;
using IPNetwork = System.Net.IPNetwork;

namespace BlazorBlog.Hosting;

public static partial class SiteSetup
{
    public static void AddSite(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
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

        // After what ASPNETCORE_FORWARDEDHEADERS_ENABLED configures: it would believe everybody.
        services.AddOptions<ForwardedHeadersOptions>().PostConfigure<SiteSettings>(Configure);
    }

    /// <summary>Takes the visitor's address and scheme from trusted proxies.</summary>
    public static void UseProxies(this WebApplication app)
    {
        // Where this is set the host has added the middleware already; a second one would go on to believe the first one's visitor.
        if (!"true".Equals(app.Configuration["ForwardedHeaders_Enabled"], StringComparison.OrdinalIgnoreCase))
        {
            app.UseForwardedHeaders();
        }
    }

    /// <summary>
    /// Every cookie is for TLS alone once the public address is https, whoever writes it and whatever the proxy says. Not by the settings of each:
    /// the framework refuses to make an antiforgery token for a request that did not come by TLS.
    /// </summary>
    public static void UseCookieSecurity(this WebApplication app) => app.UseCookiePolicy(new CookiePolicyOptions
    {
        Secure = app.Services.GetRequiredService<SiteSettings>().IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest,
    });

    /// <summary>
    /// Where whoever starts the blog can open it, once it listens: the public address if one is set, else where it listens itself.
    /// </summary>
    public static Uri ReachableAddress(this WebApplication app) => IsAddressSet(app.Configuration) || app.Urls.Count == 0
        ? app.Services.GetRequiredService<SiteSettings>().BaseUrl
        // All interfaces of the machine are no address that a browser can open.
        : new Uri(app.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal));

    /// <summary>Without a public address, every link in a mail or SMS would lead the recipient to their own machine.</summary>
    internal static bool IsAddressSet(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration["Site:BaseUrl"]);

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

    private static void Configure(ForwardedHeadersOptions options, SiteSettings site)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        // From proxy to proxy, until one is not trusted.
        options.ForwardLimit = null;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Add(IPAddress.IPv6Loopback);
        options.KnownIPNetworks.Add(new IPNetwork(IPAddress.Parse("127.0.0.0"), prefixLength: 8));
        foreach (var proxy in site.TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(IPNetwork.Parse(proxy));
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "{Title} is open at {Url}")]
    private static partial void LogOpen(ILogger logger, string title, string url);

    [LoggerMessage(LogLevel.Information, "Mail and SMS can be read at {Url}/dev/mailbox")]
    private static partial void LogMailbox(ILogger logger, string url);
}
