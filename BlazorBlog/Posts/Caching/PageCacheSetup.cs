using System.Security.Cryptography;
using BlazorBlog.Data.Changes;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Net.Http.Headers;

namespace BlazorBlog.Posts.Caching;

public static class PageCacheSetup
{
    /// <summary>All cached pages together, in bytes; beyond it those used least give way.</summary>
    private const long MostBytes = 32 * 1024 * 1024;

    private const string EnhancedNavigation = "blazor-enhanced-nav";

    public static void AddPageCache(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PostAddresses>();
        builder.Services.AddSingleton<IEntityChangeHandler>(services => services.GetRequiredService<PostAddresses>());
        builder.Services.AddSingleton<PageVersions>();
        builder.Services.AddSingleton<IEntityChangeHandler>(services => services.GetRequiredService<PageVersions>());
        builder.Services.AddSingleton<AnonymousPageCache>();
        builder.Services.AddScoped<AntiforgeryStateProvider, PageAntiforgery>();
        builder.Services.AddOutputCache(options =>
        {
            options.SizeLimit = MostBytes;
            // Another spelling of an address is led to the one it has, and not answered with its page.
            options.UseCaseSensitivePaths = true;
        });
        builder.Services.AddResponseCompression(options => options.EnableForHttps = true);
    }

    public static void UsePageCache(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            // Registered before the framework's own callback, and so run after it.
            context.Response.OnStarting(static state =>
            {
                var context = (HttpContext)state;
                var headers = context.Response.Headers;

                // The cache writes it back as "Allow", and the script, which compares letters, would load the page twice.
                if (headers.ContainsKey(EnhancedNavigation))
                {
                    headers[EnhancedNavigation] = "allow";
                }

                // Every Razor response sets an antiforgery cookie and forbids to store it, also without a form. A cached page would give one
                // visitor's cookie to all; and what holds nothing personal may be stored, and shown by the way back, and is asked for anew otherwise.
                if (AnonymousPageCache.IsForEverybody(context))
                {
                    headers.Remove(HeaderNames.SetCookie);
                    headers.Remove(HeaderNames.Pragma);
                    headers.CacheControl = "no-cache";
                }

                return Task.CompletedTask;
            }, context);
            return next(context);
        });
        app.UseOutputCache();
        // Inside the cache, so that a page is compressed once. Only pages that are the same for all visitors: they hold no secret, so
        // their compressed size reveals nothing.
        app.UseWhen(AnonymousPageCache.IsForEverybody, pages =>
        {
            pages.Use(TagAsync);
            pages.UseResponseCompression();
        });
    }

    /// <summary>
    /// Names the bytes of a page, and the cache answers 304 to whoever has them. A post's page is other bytes each time it is made, for the
    /// marker of its thread dies after five minutes: no browser is told to go on with a copy older than the cache's entry.
    /// </summary>
    private static async Task TagAsync(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        var body = response.Body;
        using var page = new MemoryStream();
        response.Body = page;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        if (response.StatusCode == StatusCodes.Status200OK)
        {
            response.Headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(page.GetBuffer().AsSpan(0, (int)page.Length)).AsSpan(0, 12))}\"";
        }

        page.Position = 0;
        await page.CopyToAsync(body, context.RequestAborted);
    }

    /// <summary>Lets the pages of these endpoints be kept for anonymous visitors.</summary>
    public static TBuilder CacheForAnonymous<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.CacheOutput(policy => policy.AddPolicy<AnonymousPageCache>(), excludeDefaultPolicy: true);
}
