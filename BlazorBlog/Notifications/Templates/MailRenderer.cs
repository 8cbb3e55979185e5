using System.Net;
using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace BlazorBlog.Notifications.Templates;

/// <summary>Renders mails from pairs of Razor components, in the language of their recipient.</summary>
public sealed class MailRenderer(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    /// <typeparam name="TText">The plain text.</typeparam>
    /// <typeparam name="THtml">The same as a page.</typeparam>
    /// <param name="culture">Language.</param>
    /// <param name="parameter">Name of the one parameter of both.</param>
    /// <param name="value">Its value.</param>
    /// <param name="subject">Called while the language is set.</param>
    public async Task<RenderedEmail> RenderAsync<TText, THtml>(SiteCulture culture, string parameter, object value, Func<string> subject)
        where TText : IComponent
        where THtml : IComponent
    {
        using var language = new CultureScope(culture);
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [parameter] = value });
        return new RenderedEmail(
            subject(),
            WebUtility.HtmlDecode(await RenderAsync<TText>(renderer, parameters)),
            await RenderAsync<THtml>(renderer, parameters));
    }

    private static Task<string> RenderAsync<TComponent>(HtmlRenderer renderer, ParameterView parameters) where TComponent : IComponent =>
        renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(parameters)).ToHtmlString());
}

/// <summary>A mail's words in the recipient's language.</summary>
public sealed record RenderedEmail(string Subject, string Text, string Html);
