using System.Collections.Frozen;
using System.Net;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BlazorBlog.Posts;

/// <summary>
/// Turns Markdown into HTML that is safe to send as it is. Raw HTML is shown as text, and only http, https, mailto and relative addresses
/// are links. The extensions are named one by one: the bundle of all of them lets a writer set any attribute, <c>onclick</c> included.
/// All of it passes <see cref="HtmlAllowList"/>. The result is saved with the text: no page is made by rendering again.
/// </summary>
public static class MarkdownRenderer
{
    private static readonly MarkdownPipeline PostPipeline = Builder().Build();

    /// <summary>In comments a single line break is rendered as a line break.</summary>
    private static readonly MarkdownPipeline CommentPipeline = Builder().UseSoftlineBreakAsHardlineBreak().Build();

    /// <summary>The post's title and that of the thread, and one for the comment.</summary>
    private const int PageHeadings = 3;

    private const int DeepestHeading = 6;

    internal static readonly FrozenSet<string> Schemes = FrozenSet.ToFrozenSet(["http", "https", "mailto"], StringComparer.OrdinalIgnoreCase);

    private static readonly HtmlAllowList PostList = new(images: true);

    private static readonly HtmlAllowList CommentList = new(images: false);

    /// <summary>An author's text.</summary>
    public static string RenderPost(string markdown) => PostList.Apply(PostHtml(markdown));

    /// <summary>
    /// A stranger's text: images become links, so that no reader's browser contacts a third party, links carry no weight for search
    /// engines, and headings stand below those of the page.
    /// </summary>
    public static string RenderComment(string markdown) => CommentList.Apply(CommentHtml(markdown));

    /// <summary><see cref="RenderPost"/> without the allow-list.</summary>
    internal static string PostHtml(string markdown) => Render(markdown, PostPipeline, document => Restrict(document, images: true, rel: null));

    /// <summary><see cref="RenderComment"/> without the allow-list.</summary>
    internal static string CommentHtml(string markdown) => Render(markdown, CommentPipeline, document =>
    {
        Restrict(document, images: false, rel: "nofollow ugc noopener");
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            heading.Level = Math.Min(heading.Level + PageHeadings, DeepestHeading);
        }
    });

    private static MarkdownPipelineBuilder Builder() => new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough);

    private static string Render(string markdown, MarkdownPipeline pipeline, Action<MarkdownDocument> restrict)
    {
        try
        {
            var document = Markdown.Parse(markdown, pipeline);
            restrict(document);
            return document.ToHtml(pipeline);
        }
        catch (ArgumentException)
        {
            // Nested deeper than the parser goes: thousands of "[" or ">" in a row. Shown as plain text.
            return $"<p>{WebUtility.HtmlEncode(markdown)}</p>";
        }
    }

    private static void Restrict(MarkdownDocument document, bool images, string? rel)
    {
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            link.IsImage &= images;
            link.Url = Allowed(link.GetDynamicUrl?.Invoke() ?? link.Url);
            link.GetDynamicUrl = null;
            Mark(link, link.IsImage ? null : rel);
            if (link.Url.Length == 0)
            {
                link.ReplaceBy(new LiteralInline(string.Concat(link.Descendants<LiteralInline>().Select(text => text.Content.ToString()))), copyChildren: false);
            }
        }

        // Angle brackets take any scheme.
        foreach (var link in document.Descendants<AutolinkInline>().ToList())
        {
            Mark(link, rel);
            if (!link.IsEmail && Allowed(link.Url).Length == 0)
            {
                link.ReplaceBy(new LiteralInline(link.Url));
            }
        }

        // A code block scrolls sideways, so it must be focusable for keyboard users.
        foreach (var code in document.Descendants<CodeBlock>())
        {
            code.GetAttributes().AddProperty("tabindex", "0");
        }

        // An aligned column would carry a style attribute, which the content security policy blocks.
        foreach (var table in document.Descendants<Table>())
        {
            table.ColumnDefinitions.ForEach(column => column.Alignment = null);
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
