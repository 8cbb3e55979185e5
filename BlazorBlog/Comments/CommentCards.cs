using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace BlazorBlog.Comments;

/// <summary>
/// Makes the markup of comments, once on this node for all its readers: as components of its own, a thread of fifty comments would cost
/// every open page ten times the memory.
/// </summary>
public sealed class CommentCards(IServiceScopeFactory scopes, ILoggerFactory loggers, SiteSettings site)
{
    /// <summary>Makes what is missing; most often nothing is, and then this ends at once.</summary>
    internal ValueTask PrepareAsync(IEnumerable<CommentView> comments, string slug, bool closed)
    {
        var missing = comments.Where(comment => comment.Markup?.IsFor(slug, closed) != true).ToList();
        return missing.Count == 0 ? ValueTask.CompletedTask : new ValueTask(RenderAsync(missing, slug, closed));
    }

    /// <summary>The whole card of one comment, for a browser that puts it into its thread by itself.</summary>
    internal async Task<string> RenderAsync(CommentView comment, string slug, bool closed)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(() => RenderAsync<CommentCard>(renderer, comment, slug, closed));
    }

    private async Task RenderAsync(List<CommentView> comments, string slug, bool closed)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        await renderer.Dispatcher.InvokeAsync(async () =>
        {
            foreach (var comment in comments)
            {
                var words = await RenderAsync<CommentWords>(renderer, comment, slug, closed);
                var foot = await RenderAsync<CommentFoot>(renderer, comment, slug, closed);
                comment.Markup = new CommentMarkup(comment, words, foot, slug, closed);
            }
        });
    }

    private async Task<string> RenderAsync<TComponent>(HtmlRenderer renderer, CommentView comment, string slug, bool closed) where TComponent : IComponent
    {
        // A circuit, a request or a worker may be the first to show it; the language is the site's.
        using var culture = new CultureScope(site.Culture);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(CommentCard.Comment)] = comment,
            [nameof(CommentCard.Slug)] = slug,
            [nameof(CommentCard.Closed)] = closed,
        });
        return (await renderer.RenderComponentAsync<TComponent>(parameters)).ToHtmlString();
    }
}
