using System.Text;
using System.Text.RegularExpressions;
using BlazorBlog.Hosting;

namespace BlazorBlog.Posts;

/// <summary>What <see cref="MarkdownRenderer"/> made and was saved, fitted to where it is shown.</summary>
public static partial class RenderedHtml
{
    /// <summary>Elements that show something without words in them; the number of a list is what "2." becomes.</summary>
    private static readonly string[] Shown = ["<img ", "<hr ", "<ol"];

    /// <summary>Whether a reader sees anything of it.</summary>
    public static bool IsSeen(string html) => TypedText.IsSeen(TextOf(html)) || Shown.Any(element => html.Contains(element, StringComparison.Ordinal));

    /// <summary>The words alone; of entities only those that the renderer writes are left, as they stand.</summary>
    public static string TextOf(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var rest = html.AsSpan(); rest.Length > 0;)
        {
            var tag = rest.IndexOf('<');
            text.Append(tag < 0 ? rest : rest[..tag]);
            rest = tag < 0 ? [] : rest[(tag + rest[tag..].IndexOf('>') + 1)..];
        }

        return text.ToString();
    }

    /// <summary>For a page of the blog: links within the text lead into its own page, and not to where the base element points.</summary>
    public static string OnPage(string html, string slug) => Resolve(html, "", slug, "");

    /// <summary>For a mail: every link says its whole address, and what takes a style sheet or a control is written without one.</summary>
    public static string InMail(string html, string slug, Uri site)
    {
        var root = site.AbsoluteUri.TrimEnd('/');
        return Resolve(html, root, slug, $"{site.Scheme}:")
            .Replace("<input disabled=\"disabled\" type=\"checkbox\" checked=\"checked\" />", "☑", StringComparison.Ordinal)
            .Replace("<input disabled=\"disabled\" type=\"checkbox\" />", "☐", StringComparison.Ordinal)
            .Replace("class=\"contains-task-list\"", "style=\"list-style:none;padding-left:0;\"", StringComparison.Ordinal)
            .Replace("class=\"align-center\"", "style=\"text-align:center;\"", StringComparison.Ordinal)
            .Replace("class=\"align-right\"", "style=\"text-align:right;\"", StringComparison.Ordinal)
            .Replace("<pre", "<pre style=\"white-space:pre-wrap;\"", StringComparison.Ordinal);
    }

    /// <param name="html">Sanitised: a quotation mark stands nowhere but around values.</param>
    /// <param name="root">Before addresses that begin at the root.</param>
    /// <param name="slug">The post around the text.</param>
    /// <param name="scheme">Before addresses that name a host alone.</param>
    private static string Resolve(string html, string root, string slug, string scheme) => Address().Replace(html, match => match.Value switch
    {
        ['#' or '?', ..] => $"{root}{PostLinks.Post(slug)}{match.Value}",
        ['/', '/', ..] => scheme + match.Value,
        ['/', ..] => root + match.Value,
        _ when MarkdownRenderer.IsRelative(match.Value) => $"{root}/{match.Value}",
        _ => match.Value,
    });

    [GeneratedRegex("(?<= (?:href|src)=\")[^\"]+(?=\")")]
    private static partial Regex Address();
}
