using System.Globalization;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Comments;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace BlazorBlog.Posts.Caching;

/// <summary>
/// Caches whole pages for visitors of whom nothing is known. An entry lives at most a minute, because the marker of an interactive
/// component in it dies after five.
/// </summary>
internal sealed class AnonymousPageCache(PageVersions versions) : IOutputCachePolicy
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private static readonly string[] Encodings = ["br", "gzip"];

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext.Request;
        string? version = null;
        var isAnonymous = IsAnonymousGet(request) && TryVersion(request.Path, out version);
        context.HttpContext.Items[typeof(AnonymousPageCache)] = isAnonymous;
        if (request.Query.ContainsKey("reply") || request.Query.ContainsKey("comment"))
        {
            // One of countless comments: the same for everybody, and not kept.
            version = null;
        }

        // Only lists have pages; a post under a thousand made-up numbers is one page. Which of two orders holds is for the page to say.
        var page = 1;
        var isPost = request.Path.StartsWithSegments("/posts", StringComparison.Ordinal);
        if (isPost ? request.Query["sort"].Count > 1 : !TryPage(request, out page))
        {
            version = null;
        }

        context.EnableOutputCaching = version is not null;
        context.AllowCacheLookup = version is not null;
        context.AllowCacheStorage = version is not null;
        context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = Lifetime;
        // All that a page depends on is named here, in one spelling, so that made-up addresses and hosts make no entries of their own.
        context.CacheVaryByRules.QueryKeys = "";
        context.CacheVaryByRules.VaryByHost = false;
        context.CacheVaryByRules.VaryByValues["page"] = page.ToString(CultureInfo.InvariantCulture);
        context.CacheVaryByRules.VaryByValues["version"] = version ?? "";
        // The two orders of a thread are two pages; what else the query may say is not part of a page that is kept.
        context.CacheVaryByRules.VaryByValues["newest"] = isPost && request.Query["sort"] == "newest" ? "1" : "0";
        // The compression is told what was chosen here: what it would make of the header itself might differ from the key.
        var encoding = Encoding(request);
        request.Headers.AcceptEncoding = encoding;
        context.CacheVaryByRules.VaryByValues["encoding"] = encoding;
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

    /// <summary>Whether the answer to this request is the same for all visitors, and so must not set a cookie.</summary>
    public static bool IsForEverybody(HttpContext context) => context.Items.TryGetValue(typeof(AnonymousPageCache), out var isAnonymous) && isAnonymous is true;

    /// <summary>The best that the browser takes and the compression can do.</summary>
    private static string Encoding(HttpRequest request)
    {
        var accepted = StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var values)
            ? values.Where(value => value.Quality != 0).Select(value => value.Value.Value).ToList()
            : [];
        return Encodings.FirstOrDefault(encoding => accepted.Contains(encoding, StringComparer.OrdinalIgnoreCase)) ?? "";
    }

    /// <summary>Nothing is known of who asks.</summary>
    private static bool IsAnonymousGet(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.Cookies.ContainsKey(GuestCookie.Name)
        && !SignInCookie.IsIn(request);

    /// <returns>False where the page would depend on how the number is read.</returns>
    private static bool TryPage(HttpRequest request, out int page)
    {
        var pages = request.Query["page"];
        page = 1;
        return pages.Count == 0 || (pages.Count == 1 && PageNumber.TryParse(pages[0], out page));
    }

    /// <returns>Whether pages of this path are kept; their version is null until one of them was made.</returns>
    private bool TryVersion(PathString path, out string? version)
    {
        if (path == "/" || path.StartsWithSegments("/tags", StringComparison.Ordinal))
        {
            version = versions.OfLists;
            return true;
        }

        var isPost = path.StartsWithSegments("/posts", StringComparison.Ordinal, out var slug);
        version = isPost ? versions.OfPost(slug.Value!.TrimStart('/')) : null;
        return isPost;
    }
}
