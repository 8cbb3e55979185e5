using BlazorBlog.Posts.Caching;
using Microsoft.AspNetCore.Authorization;

namespace BlazorBlog.Components;

public static class ComponentsSetup
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        if (!builder.Environment.IsDevelopment())
        {
            // Styles and scripts of what was built and not published lie where the build left them. A published program has them in wwwroot.
            builder.WebHost.UseStaticWebAssets();
        }

        services.AddSingleton<ScriptModules>();
        services.AddRazorComponents().AddInteractiveServerComponents(options => options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1));
        services.AddScoped<BlogService>();
        builder.AddPageCache();
    }

    public static void MapPages(this WebApplication app)
    {
        ScriptModules.Map(app);
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(options =>
            {
                // A thread's changes are a few hundred bytes; compressing them costs each open page 230 KB of memory.
                options.DisableWebSocketCompression = true;
                options.ContentSecurityFrameAncestorsPolicy = "'none'";
            })
            .OpenCircuitsToAll()
            .CacheForAnonymous();
    }

    /// <summary>Pages name their own policies; the socket of a live thread is for every reader, and its handlers check the sender.</summary>
    private static RazorComponentsEndpointConventionBuilder OpenCircuitsToAll(this RazorComponentsEndpointConventionBuilder pages)
    {
        pages.Add(endpoint =>
        {
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } path } && path.TrimStart('/').StartsWith("_blazor", StringComparison.Ordinal))
            {
                endpoint.Metadata.Add(new AllowAnonymousAttribute());
            }
        });
        return pages;
    }
}
