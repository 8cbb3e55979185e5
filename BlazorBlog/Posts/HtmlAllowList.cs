using System.Collections.Frozen;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using AngleSharp.Xhtml;
using Ganss.Xss;

namespace BlazorBlog.Posts;

/// <summary>
/// Second line of defence behind <see cref="MarkdownRenderer"/>: parses its HTML as a browser does and keeps only what the renderer is known to
/// write, so that a mistake there, or in Markdig, does not become a script on the page.
/// </summary>
internal sealed class HtmlAllowList
{
    private const string CodeLanguage = "language-";

    private static readonly Configuration WithoutStyles = new();

    /// <summary>The attributes of each element that is kept.</summary>
    private static readonly FrozenDictionary<string, string[]> Elements = new Dictionary<string, string[]>
    {
        ["p"] = ["dir"],
        ["br"] = [],
        ["hr"] = [],
        ["h1"] = ["dir"],
        ["h2"] = ["dir"],
        ["h3"] = ["dir"],
        ["h4"] = ["dir"],
        ["h5"] = ["dir"],
        ["h6"] = ["dir"],
        ["em"] = [],
        ["strong"] = [],
        ["del"] = [],
        ["blockquote"] = ["dir"],
        ["a"] = ["href", "title", "rel"],
        ["img"] = ["src", "alt", "title"],
        ["ul"] = ["class", "dir"],
        ["ol"] = ["class", "dir", "start"],
        ["li"] = ["class"],
        ["label"] = [],
        ["input"] = ["disabled", "type", "checked"],
        ["pre"] = ["tabindex"],
        ["code"] = ["class", "tabindex"],
        ["table"] = ["dir", "tabindex"],
        ["thead"] = [],
        ["tbody"] = [],
        ["tr"] = [],
        ["th"] = ["class"],
        ["td"] = ["class"],
    }.ToFrozenDictionary();

    /// <summary>Shared by all threads: its settings do not change any more, and <see cref="HtmlSanitizer.Sanitize"/> may then be called at once.</summary>
    private readonly HtmlSanitizer _sanitizer;

    /// <param name="images">Whether pictures are kept; they are fetched from where their address says.</param>
    public HtmlAllowList(bool images)
    {
        var elements = Elements.Keys.Where(element => images || element != "img").ToHashSet();
        _sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = elements,
            AllowedAttributes = Elements.Values.SelectMany(attributes => attributes).ToHashSet(),
            AllowedSchemes = MarkdownRenderer.Schemes.ToHashSet(StringComparer.OrdinalIgnoreCase),
            AllowedClasses = new HashSet<string> { "contains-task-list", "task-list-item", "align-center", "align-right" },
            AllowedCssProperties = new HashSet<string>(),
            AllowedAtRules = new HashSet<AngleSharp.Css.Dom.CssRuleType>(),
            UriAttributes = new HashSet<string> { "href", "src" },
        });
        // No style is kept, so none is parsed: what the sanitizer would use by itself reads CSS, and is made anew for each text.
        _sanitizer.HtmlParserFactory = () => new HtmlParser(new HtmlParserOptions(), BrowsingContext.New(WithoutStyles));
        _sanitizer.RemovingCssClass += (_, removing) =>
            removing.Cancel = removing.Tag.LocalName == "code" && removing.CssClass.StartsWith(CodeLanguage, StringComparison.Ordinal);
        // The sanitizer takes all before the first colon for a scheme, also in "?page=2:3".
        _sanitizer.FilterUrl += (_, filtering) => filtering.SanitizedUrl ??= IsQuery(filtering.OriginalUrl) ? filtering.OriginalUrl : null;
        _sanitizer.PostProcessNode += (_, kept) => Restrict(kept.Node);
    }

    public string Apply(string html) => _sanitizer.Sanitize(html, outputFormatter: MarkdigFormatter.Instance);

    /// <summary>No scheme holds a question mark (RFC 3986, 3.1), and browsers skip none.</summary>
    private static bool IsQuery(string url) => url.AsSpan(0, Math.Max(0, url.IndexOf(':', StringComparison.Ordinal))).Contains('?');

    /// <summary>The sanitizer knows one list of attributes for all elements; a <c>src</c> on an input, say, would fetch a picture.</summary>
    private static void Restrict(INode node)
    {
        if (node is not IElement element)
        {
            return;
        }

        foreach (var attribute in element.Attributes.Where(attribute => !Elements[element.LocalName].Contains(attribute.Name)).ToList())
        {
            element.RemoveAttribute(attribute.Name);
        }

        if (element.LocalName == "input" && (element.GetAttribute("type") != "checkbox" || !element.HasAttribute("disabled")))
        {
            element.Remove();
        }
    }

    /// <summary>Writes as Markdig does, so that what passes untouched keeps its bytes and saved texts stay comparable.</summary>
    private sealed class MarkdigFormatter : XhtmlMarkupFormatter
    {
        public static new readonly MarkdigFormatter Instance = new();

        private MarkdigFormatter() : base(emptyTagsToSelfClosing: false)
        {
        }

        public override string Text(ICharacterData text) => Escape(text.Data);

        protected override string Attribute(IAttr attribute) => $"{attribute.Name}=\"{Escape(attribute.Value)}\"";

        private static string Escape(string text) => text
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal);
    }
}
