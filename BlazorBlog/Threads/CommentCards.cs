using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace BlazorBlog.Threads;

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

    /// <summary>The card of one comment, for a browser that puts it into its thread by itself.</summary>
    internal async Task<string> RenderAsync(CommentView comment, string slug, bool closed)
    {
        await PrepareAsync([comment], slug, closed);
        return comment.Markup!.Card;
    }

    private async Task RenderAsync(List<CommentView> comments, string slug, bool closed)
    {
        // A circuit, a request or a worker may be the first to show them; the language is the site's.
        using var culture = new CultureScope(site.Culture);
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        await renderer.Dispatcher.InvokeAsync(async () =>
        {
            foreach (var comment in comments)
            {
                var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
                {
                    [nameof(CommentCard.Comment)] = comment,
                    [nameof(CommentCard.Slug)] = slug,
                    [nameof(CommentCard.Closed)] = closed,
                });
                comment.Markup = new CommentMarkup((await renderer.RenderComponentAsync<CommentCard>(parameters)).ToHtmlString(), slug, closed);
            }
        });
    }
}
