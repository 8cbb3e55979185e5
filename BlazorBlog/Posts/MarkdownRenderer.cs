using System.Collections.Frozen;
using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BlazorBlog.Posts;

/// <summary>
/// Turns Markdown into HTML that is safe to send as it is. Raw HTML is shown as text, and only http, https, mailto and relative addresses
/// are links. The extensions are named one by one: the bundle of all of them lets a writer set any attribute, <c>onclick</c> included.
/// </summary>
public static class MarkdownRenderer
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .Build();

    private static readonly FrozenSet<string> Schemes = FrozenSet.ToFrozenSet(["http", "https", "mailto"], StringComparer.OrdinalIgnoreCase);

    /// <summary>An author's text.</summary>
    public static string RenderPost(string markdown) => Render(markdown, document => Restrict(document, images: true, rel: null));

    /// <summary>
    /// A stranger's text: images become links, so that no reader's browser is made to call home, and links carry no weight for
    /// search engines.
    /// </summary>
    public static string RenderComment(string markdown) => Render(markdown, document => Restrict(document, images: false, rel: "nofollow ugc noopener"));

    private static string Render(string markdown, Action<MarkdownDocument> restrict)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        restrict(document);
        return document.ToHtml(Pipeline);
    }

    private static void Restrict(MarkdownDocument document, bool images, string? rel)
    {
        foreach (var link in document.Descendants<LinkInline>())
        {
            link.IsImage &= images;
            link.Url = Allowed(link.GetDynamicUrl?.Invoke() ?? link.Url);
            link.GetDynamicUrl = null;
            Mark(link, link.IsImage ? null : rel);
        }

        foreach (var link in document.Descendants<AutolinkInline>())
        {
            // Angle brackets take any scheme; what is not allowed loses its address, and its text stays.
            if (!link.IsEmail)
            {
                link.Url = Allowed(link.Url);
            }

            Mark(link, rel);
        }
    }

    private static void Mark(Inline link, string? rel)
    {
        if (rel is not null)
        {
            link.GetAttributes().AddProperty("rel", rel);
        }
    }

    private static string Allowed(string? url)
    {
        // Browsers skip control characters and blanks inside a scheme, so "java\tscript:" must be judged without them.
        var bare = string.Concat((url ?? "").Where(c => !char.IsControl(c) && !char.IsWhiteSpace(c)));
        var colon = bare.IndexOf(':', StringComparison.Ordinal);
        var isRelative = colon < 0 || bare.AsSpan(0, colon).ContainsAny('/', '?', '#');
        return isRelative || Schemes.Contains(bare[..colon]) ? bare : "";
    }
}
