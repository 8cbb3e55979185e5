using System.Collections.Frozen;
using System.Net;
using System.Text;
using BlazorBlog.Hosting;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Parsers.Inlines;
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

    /// <summary>Quotes and lists within each other; deeper ones would leave no room for words on a telephone, and keep only their words.</summary>
    private const int DeepestNesting = 5;

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
        LowerHeadings(document);
    });

    /// <summary>Whether an address names no scheme.</summary>
    internal static bool IsRelative(string url)
    {
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || url.AsSpan(0, colon).ContainsAny('/', '?', '#');
    }

    private static MarkdownPipelineBuilder Builder()
    {
        var builder = new MarkdownPipelineBuilder()
            .DisableHtml()
            .UsePipeTables()
            .UseTaskLists()
            .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough);
        builder.InlineParsers.Insert(0, new BareLinkParser());
        builder.InlineParsers.InsertBefore<AutolinkInlineParser>(new SpacedLinkParser());
        return builder;
    }

    private static string Render(string markdown, MarkdownPipeline pipeline, Action<MarkdownDocument> restrict)
    {
        try
        {
            var document = Markdown.Parse(markdown, pipeline);
            restrict(document);
            if (markdown.EnumerateRunes().Any(IsRightToLeft))
            {
                DirectBlocks(document);
            }

            // The text was cleaned when it came in, but an entity can name any character.
            return TypedText.Clean(document.ToHtml(pipeline));
        }
        catch (ArgumentException)
        {
            // Nested deeper than the parser goes: thousands of "[" or ">" in a row. Shown as plain text.
            return $"<p>{WebUtility.HtmlEncode(markdown)}</p>";
        }
    }

    private static void Restrict(MarkdownDocument document, bool images, string? rel)
    {
        RestrictLinks(document, images, rel);
        Flatten(document, 0);

        // A code block scrolls sideways, so it must be focusable for keyboard users.
        foreach (var code in document.Descendants<CodeBlock>())
        {
            code.GetAttributes().AddProperty("tabindex", "0");
        }

        foreach (var table in document.Descendants<Table>())
        {
            // It scrolls sideways as well.
            table.GetAttributes().AddProperty("tabindex", "0");
            AlignColumns(table);
        }

        foreach (var box in document.Descendants<TaskList>().ToList())
        {
            // The words beside a box are its name.
            box.InsertBefore(new HtmlInline("<label>"));
            box.Parent!.AppendChild(new HtmlInline("</label>"));
        }
    }

    private static void RestrictLinks(MarkdownDocument document, bool images, string? rel)
    {
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            var isPicture = link.IsImage;
            link.IsImage &= images;
            link.Url = Allowed(link.GetDynamicUrl?.Invoke() ?? link.Url);
            link.GetDynamicUrl = null;
            var around = LinkAround(link);
            if (isPicture && !link.IsImage && !link.Descendants<LiteralInline>().Any(text => TypedText.IsSeen(text.Content.ToString())))
            {
                link.AppendChild(new LiteralInline(around?.Url ?? link.Url));
            }

            // A link within a link would be two to a browser, and the outer one empty.
            if (link.Url.Length == 0 || (around is not null && !link.IsImage))
            {
                link.MoveChildrenAfter(link);
                link.Remove();
            }
            else
            {
                Mark(link, link.IsImage ? null : rel);
            }
        }

        // Angle brackets take any scheme.
        foreach (var link in document.Descendants<AutolinkInline>().ToList())
        {
            if ((!link.IsEmail && Allowed(link.Url).Length == 0) || LinkAround(link) is not null)
            {
                link.ReplaceBy(new LiteralInline(link.Url));
            }
            else
            {
                Mark(link, rel);
            }
        }
    }

    private static LinkInline? LinkAround(Inline inline)
    {
        for (var parent = inline.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is LinkInline { IsImage: false } link)
            {
                return link;
            }
        }

        return null;
    }

    /// <summary>Takes away the quotes and lists that stand too deep, and leaves what stands in them.</summary>
    private static void Flatten(ContainerBlock container, int depth)
    {
        for (var i = 0; i < container.Count;)
        {
            if (container[i] is not ContainerBlock inner)
            {
                i++;
            }
            else if ((inner is QuoteBlock or ListBlock && depth == DeepestNesting) || (inner is ListItemBlock && container is not ListBlock))
            {
                container.RemoveAt(i);
                var at = i;
                foreach (var block in inner.ToList())
                {
                    inner.Remove(block);
                    container.Insert(at++, block);
                }

                // The items of a tight list have no paragraphs, and their words would run into each other.
                if (container is ListItemBlock { Parent: ListBlock list })
                {
                    list.IsLoose = true;
                }
            }
            else
            {
                Flatten(inner, inner is QuoteBlock or ListBlock ? depth + 1 : depth);
                i++;
            }
        }
    }

    /// <summary>By class: Markdig would write style attributes, which the content security policy blocks.</summary>
    private static void AlignColumns(Table table)
    {
        foreach (var row in table.OfType<TableRow>())
        {
            for (var i = 0; i < row.Count && i < table.ColumnDefinitions.Count; i++)
            {
                var alignment = table.ColumnDefinitions[i].Alignment;
                if (alignment is TableColumnAlign.Center or TableColumnAlign.Right)
                {
                    row[i].GetAttributes().AddClass(alignment == TableColumnAlign.Center ? "align-center" : "align-right");
                }
            }
        }

        table.ColumnDefinitions.ForEach(column => column.Alignment = null);
    }

    /// <summary>The first heading stands right below that of the comment, and none skips a level.</summary>
    private static void LowerHeadings(MarkdownDocument document)
    {
        var above = new Stack<(int Typed, int Level)>([(0, PageHeadings)]);
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            while (above.Peek().Typed >= heading.Level)
            {
                above.Pop();
            }

            above.Push((heading.Level, Math.Min(above.Peek().Level + 1, DeepestHeading)));
            heading.Level = above.Peek().Level;
        }
    }

    /// <summary>Each block finds its own direction. Not those within: of a list whose items have one each, the browser finds none.</summary>
    private static void DirectBlocks(MarkdownDocument document)
    {
        foreach (var block in document.Where(block => block is not (CodeBlock or ThematicBreakBlock)))
        {
            block.GetAttributes().AddProperty("dir", "auto");
        }
    }

    /// <summary>Hebrew, Arabic and their neighbours (Unicode Standard Annex 9, table 4, R and AL).</summary>
    private static bool IsRightToLeft(Rune rune) => rune.Value is
        (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFE) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);

    private static void Mark(Inline link, string? rel)
    {
        if (rel is not null)
        {
            link.GetAttributes().AddProperty("rel", rel);
        }
    }

    /// <returns>The address with its blanks as <c>%20</c>; empty when it is none that links may have.</returns>
    private static string Allowed(string? url)
    {
        // Browsers skip control characters and blanks inside a scheme, so "java\tscript:" must be judged without them.
        var bare = string.Concat((url ?? "").Where(c => !IsBlank(c)));
        return IsRelative(bare) || Schemes.Contains(bare[..bare.IndexOf(':', StringComparison.Ordinal)])
            ? string.Concat((url ?? "").Trim().Select(c => IsBlank(c) ? Uri.EscapeDataString(c.ToString()) : c.ToString()))
            : "";
    }

    private static bool IsBlank(char c) => char.IsControl(c) || char.IsWhiteSpace(c);
}
