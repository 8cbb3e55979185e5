using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace BlazorBlog.Posts;

public sealed class MarkdownRendererTests
{
    /// <summary>Attempts to run a script or to leave the page's own attributes, judged as a browser reads the result.</summary>
    public static TheoryData<string> Attacks =>
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "a <iframe src=\"javascript:alert(1)\"></iframe> b",
        "<!-- --!><script>alert(1)</script>",
        "<style>*{display:none}</style>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "</div></article><script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](&#106;avascript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](javascript&#58;alert(1))",
        "[x](\u0001javascript:alert(1))",
        "[x](<\u00A0javascript:alert(1)>)",
        "[x](vbscript:msgbox(1))",
        "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
        "[x](file:///etc/passwd)",
        "[x](blob:https://a/b)",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml;base64,PHN2Zy8+)",
        "<javascript:alert(1)>",
        "<data:text/html,hello>",
        "[x]\n\n[x]: javascript:alert(1)",
        "![x]\n\n[x]: javascript:alert(1)",
        "[x](https://a.example \"t\\\" onmouseover=alert(1) \")",
        "[x](https://a.example/\" onclick=alert(1) \")",
        "![a\" onerror=\"alert(1)](https://a.example/i.png)",
        "[x](https://a.example){onclick=alert(1)}",
        "# Title {#id onclick=alert(1)}",
        "```\" onclick=\"alert(1)\ncode\n```",
        "```html onclick=alert(1)\n<script>alert(1)</script>\n```",
        "`<script>alert(1)</script>`",
        "| a |\n|---|\n| <script>alert(1)</script> |",
        "|a|\n|:--|\n|b|",
        "- [ ] <img src=x onerror=alert(1)>",
        "~~<b onclick=alert(1)>x</b>~~",
        "https://a.example/\"onclick=alert(1)",
        "www.a.example/<script>alert(1)</script>",
        "[<img src=x onerror=alert(1)>](https://a.example)",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void No_text_runs_a_script_or_leads_where_links_must_not(string markdown)
    {
        foreach (var html in new[] { MarkdownRenderer.RenderComment(markdown), MarkdownRenderer.RenderPost(markdown) })
        {
            foreach (var element in Parse(html).QuerySelectorAll("body *"))
            {
                Assert.DoesNotContain(element.LocalName, new[] { "script", "iframe", "svg", "style", "b", "object", "embed", "form", "base", "meta", "link" });
                Assert.All(element.Attributes, attribute => Assert.True(IsHarmless(element, attribute), $"<{element.LocalName} {attribute.Name}=\"{attribute.Value}\"> in {html}"));
            }
        }
    }

    [Theory]
    [InlineData("[a](https://a.example/b?c=d&e=f)", "https://a.example/b?c=d&e=f")]
    [InlineData("[a](http://a.example)", "http://a.example")]
    [InlineData("[a](mailto:jin@example.com)", "mailto:jin@example.com")]
    [InlineData("[a](/posts/other)", "/posts/other")]
    [InlineData("[a](#comment-1)", "#comment-1")]
    [InlineData("[a](?page=2:3)", "?page=2:3")]
    [InlineData("<https://a.example>", "https://a.example")]
    [InlineData("https://a.example", "https://a.example")]
    public void A_link_to_where_links_may_lead_is_kept(string markdown, string address)
    {
        var link = Assert.Single(Parse(MarkdownRenderer.RenderComment(markdown)).QuerySelectorAll("a"));

        Assert.Equal(address, link.GetAttribute("href"));
        Assert.Equal("nofollow ugc noopener", link.GetAttribute("rel"));
        Assert.Null(Parse(MarkdownRenderer.RenderPost(markdown)).QuerySelector("a")!.GetAttribute("rel"));
    }

    [Fact]
    public void A_picture_in_a_comment_is_a_link_and_calls_nobody()
    {
        const string markdown = "![a cat](https://tracker.example/cat.png)";

        var comment = Parse(MarkdownRenderer.RenderComment(markdown));
        Assert.Empty(comment.QuerySelectorAll("img"));
        Assert.Equal("https://tracker.example/cat.png", comment.QuerySelector("a")!.GetAttribute("href"));
        Assert.NotEmpty(Parse(MarkdownRenderer.RenderPost(markdown)).QuerySelectorAll("img"));
    }

    [Fact]
    public void A_line_break_in_a_comment_is_a_line_break()
    {
        Assert.Single(Parse(MarkdownRenderer.RenderComment("one\ntwo")).QuerySelectorAll("br"));
        Assert.Empty(Parse(MarkdownRenderer.RenderPost("one\ntwo")).QuerySelectorAll("br"));
    }

    [Theory]
    [InlineData("[")]
    [InlineData(">")]
    [InlineData("*")]
    [InlineData("- ")]
    [InlineData("`")]
    [InlineData("![](")]
    public void A_text_made_to_be_slow_or_deep_is_still_rendered(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 5000 / piece.Length));

        Assert.NotNull(MarkdownRenderer.RenderComment(text));
    }

    private static bool IsHarmless(IElement element, IAttr attribute) => (element.LocalName, attribute.Name) switch
    {
        ("a", "href") or ("img", "src") => IsAllowed(attribute.Value),
        ("a", "rel" or "title") or ("img", "alt" or "title") => true,
        ("code", "class") => attribute.Value.StartsWith("language-", StringComparison.Ordinal),
        ("pre" or "code", "tabindex") => true,
        ("input", "type") => attribute.Value == "checkbox",
        ("input", "disabled" or "checked") => true,
        ("ul" or "li", "class") => attribute.Value is "contains-task-list" or "task-list-item",
        ("ol", "start") => true,
        _ => false,
    };

    private static bool IsAllowed(string address) =>
        address.Length == 0
        || !Uri.TryCreate(new Uri("https://blog.example/posts/a"), address, out var resolved)
        || resolved.Scheme is "https" or "http" or "mailto";

    private static IDocument Parse(string html) => new HtmlParser().ParseDocument($"<body>{html}</body>");

    [Theory]
    [InlineData("<javascript:alert(1)>", "<p>javascript:alert(1)</p>")]
    [InlineData("[read *me*](javascript:alert(1))", "<p>read me</p>")]
    public void A_link_that_is_not_allowed_leaves_its_words(string markdown, string html) =>
        Assert.Equal(html, MarkdownRenderer.RenderComment(markdown).Trim());

    [Theory]
    [InlineData("# Loud", "<h4>Loud</h4>")]
    [InlineData("##### Quiet", "<h6>Quiet</h6>")]
    public void A_heading_in_a_comment_stands_below_those_of_the_page(string markdown, string html) =>
        Assert.Equal(html, MarkdownRenderer.RenderComment(markdown).Trim());
}
