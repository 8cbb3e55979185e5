using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Forms;

namespace BlazorBlog.Posts.Caching;

/// <summary>
/// Gives forms of a page their antiforgery token, unless the page is the same for all visitors. The framework's own provider also writes a
/// token into the state of every page for its circuit, and a cached page would give one visitor's token to all.
/// </summary>
internal sealed class PageAntiforgery(IHttpContextAccessor accessor, IAntiforgery antiforgery) : AntiforgeryStateProvider
{
    public override AntiforgeryRequestToken? GetAntiforgeryToken()
    {
        if (accessor.HttpContext is not { Response.HasStarted: false } http || AnonymousPageCache.IsForEverybody(http))
        {
            return null;
        }

        var tokens = antiforgery.GetAndStoreTokens(http);
        return tokens.RequestToken is { } token ? new AntiforgeryRequestToken(token, tokens.FormFieldName) : null;
    }
}
