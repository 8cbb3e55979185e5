using BlazorBlog.Comments;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;

namespace BlazorBlog.Hosting;

/// <summary>
/// Caches whole pages for visitors of whom nothing is known. An entry lives at most a minute, because the marker of an interactive
/// component in it dies after five.
/// </summary>
internal sealed class AnonymousPageCache(PageVersions versions) : IOutputCachePolicy
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext.Request;
        var version = IsAnonymousGet(request) ? Version(request.Path) : null;
        context.HttpContext.Items[typeof(AnonymousPageCache)] = version;
        context.EnableOutputCaching = version is not null;
        context.AllowCacheLookup = version is not null;
        context.AllowCacheStorage = version is not null;
        context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = Lifetime;
        context.CacheVaryByRules.QueryKeys = "page";
        context.CacheVaryByRules.VaryByHost = true;
        context.CacheVaryByRules.VaryByValues["version"] = version ?? "";
        // Blazor's script asks for pages in a framing of its own.
        context.CacheVaryByRules.VaryByValues["enhanced"] =
            request.Headers.Accept.ToString().Contains("blazor-enhanced-nav", StringComparison.Ordinal) ? "1" : "0";
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        context.AllowCacheStorage &= response.StatusCode == StatusCodes.Status200OK && StringValues.IsNullOrEmpty(response.Headers.SetCookie);
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether the answer to this request may be stored for others.</summary>
    public static bool IsKept(HttpContext context) => context.Items.TryGetValue(typeof(AnonymousPageCache), out var version) && version is not null;

    /// <summary>A page of one visitor, or of one of countless <c>?reply=</c>, is not kept.</summary>
    private static bool IsAnonymousGet(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.Cookies.ContainsKey(GuestCookie.Name)
        && !request.Query.ContainsKey("reply");

    private string? Version(PathString path)
    {
        if (path == "/" || path.StartsWithSegments("/tags", StringComparison.Ordinal))
        {
            return versions.OfLists;
        }

        return path.StartsWithSegments("/posts", StringComparison.Ordinal, out var slug) ? versions.OfPost(slug.Value!.TrimStart('/')) : null;
    }
}
