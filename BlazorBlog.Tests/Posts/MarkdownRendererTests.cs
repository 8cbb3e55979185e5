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
        ("pre" or "code" or "table", "tabindex") => true,
        ("td" or "th", "class") => attribute.Value is "align-center" or "align-right",
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
    [InlineData("[read *me*](javascript:alert(1))", "<p>read <em>me</em></p>")]
    [InlineData("[`code` &amp; **all**](javascript:alert(1))", "<p><code>code</code> &amp; <strong>all</strong></p>")]
    [InlineData("[one\ntwo](data:text/html,x)", "<p>one<br />\ntwo</p>")]
    [InlineData("![a *cat*](data:image/png;base64,AA)", "<p>a <em>cat</em></p>")]
    [InlineData("[![a cat](https://a.example/c.png)](javascript:alert(1))", "<p><a href=\"https://a.example/c.png\" rel=\"nofollow ugc noopener\">a cat</a></p>")]
    public void A_link_that_is_not_allowed_leaves_its_words(string markdown, string html) =>
        Assert.Equal(html, MarkdownRenderer.RenderComment(markdown).Trim());

    [Theory]
    [InlineData("# Loud", "<h4>Loud</h4>")]
    [InlineData("##### Quiet", "<h4>Quiet</h4>")]
    [InlineData("## A\n#### B\n# C\n### D\n###### E\n## F", "<h4>A</h4>\n<h5>B</h5>\n<h4>C</h4>\n<h5>D</h5>\n<h6>E</h6>\n<h5>F</h5>")]
    [InlineData("# A\n## B\n### C\n#### D", "<h4>A</h4>\n<h5>B</h5>\n<h6>C</h6>\n<h6>D</h6>")]
    public void A_heading_in_a_comment_stands_below_those_of_the_page_and_skips_no_level(string markdown, string html) =>
        Assert.Equal(html, MarkdownRenderer.RenderComment(markdown).Trim());

    [Theory]
    [InlineData("[x](<https://example.com/my file.pdf>)", "https://example.com/my%20file.pdf")]
    [InlineData("<https://example.com/my file.pdf>", "https://example.com/my%20file.pdf")]
    [InlineData("[x](<https://example.com/my  big\u00A0file.pdf>)", "https://example.com/my%20%20big%C2%A0file.pdf")]
    [InlineData("[x](<my file.pdf>)", "my%20file.pdf")]
    [InlineData("![x](< https://example.com/my cat.png >)", "https://example.com/my%20cat.png")]
    [InlineData("[x]\n\n[x]: <https://example.com/my file.pdf>", "https://example.com/my%20file.pdf")]
    public void The_blanks_of_an_address_stay_in_it(string markdown, string address) =>
        Assert.Equal(address, Assert.Single(Parse(MarkdownRenderer.RenderComment(markdown)).QuerySelectorAll("a")).GetAttribute("href"));

    [Theory]
    [InlineData("https://example.com。", "https://example.com", "。")]
    [InlineData("보세요: https://example.com/a。 다음", "https://example.com/a", "。 다음")]
    [InlineData("（https://example.com/a）", "https://example.com/a", "）")]
    [InlineData("「https://example.com/a?b=c」、", "https://example.com/a?b=c", "」、")]
    [InlineData("www.example.com！", "http://www.example.com", "！")]
    [InlineData("https://example.com/한글…", "https://example.com/한글", "…")]
    [InlineData("https://example.com/a.", "https://example.com/a", ".")]
    [InlineData("https://ko.wikipedia.org/wiki/3·1_운동 참고", "https://ko.wikipedia.org/wiki/3·1_운동", " 참고")]
    [InlineData("https://example.com/A–B—C‐D’E。", "https://example.com/A–B—C‐D’E", "。")]
    [InlineData("‘https://example.com/a’ 참고", "https://example.com/a", "’ 참고")]
    [InlineData("https://example.com/a——다음", "https://example.com/a", "——다음")]
    [InlineData("“https://example.com/a”에서", "https://example.com/a", "”에서")]
    [InlineData("https://example.com에서 보세요", "https://example.com", "에서 보세요")]
    [InlineData("www.example.com에서. 보세요", "http://www.example.com", "에서. 보세요")]
    [InlineData("https://example.com:8080입니다.", "https://example.com:8080", "입니다.")]
    [InlineData("https://한글.com입니다", "https://xn--bj0bj06e.com", "입니다")]
    [InlineData("https://www.e편한세상.com/a에서 ", "https://www.xn--e-pm4f0l742d91b.com/a에서", "")]
    public void Punctuation_of_any_script_ends_a_bare_address(string markdown, string address, string after)
    {
        var link = Assert.Single(Parse(MarkdownRenderer.RenderComment(markdown)).QuerySelectorAll("a"));

        Assert.Equal(address, Uri.UnescapeDataString(link.GetAttribute("href")!));
        Assert.Equal(after, link.NextSibling?.TextContent ?? "");
    }

    /// <summary>Reading to the end of the text at every one of them would take minutes.</summary>
    [Theory]
    [InlineData("h")]
    [InlineData("(www.")]
    [InlineData("(http://")]
    public async Task Many_letters_that_might_begin_an_address_are_read_once(string beginning)
    {
        var text = string.Concat(Enumerable.Repeat(beginning, 400_000 / (beginning.Length * beginning.Length)));

        var html = await Task.Run(() => MarkdownRenderer.RenderComment(text)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal($"<p>{text}</p>", html.Trim());
    }

    [Theory]
    [InlineData("[![a cat](/cat.png)](https://a.example)", "a cat")]
    [InlineData("[![](/cat.png)](https://a.example)", "https://a.example")]
    [InlineData("[see <https://b.example> now](https://a.example)", "see https://b.example now")]
    [InlineData("[see ![a [b](https://b.example)](/c.png)](https://a.example)", "see a b")]
    public void A_link_within_a_link_is_words(string markdown, string words)
    {
        var link = Assert.Single(Parse(MarkdownRenderer.RenderComment(markdown)).QuerySelectorAll("a"));

        Assert.Equal(("https://a.example", words), (link.GetAttribute("href"), link.TextContent));
    }

    [Fact]
    public void A_picture_without_words_is_a_link_that_says_where_it_leads() =>
        Assert.Equal("https://a.example/cat.png", Parse(MarkdownRenderer.RenderComment("![](https://a.example/cat.png)")).QuerySelector("a")!.TextContent);

    [Fact]
    public void A_box_of_a_task_list_is_named_by_its_words()
    {
        var boxes = Parse(MarkdownRenderer.RenderComment("- [ ] buy *tea*\n- [x] drink it\n\n  slowly")).QuerySelectorAll<AngleSharp.Html.Dom.IHtmlInputElement>("input");

        Assert.Equal([("buy tea", false), ("drink it", true)], boxes.Select(box => (box.Closest("label")!.TextContent.Trim(), box.IsChecked)));
    }

    [Fact]
    public void A_table_keeps_its_alignment_without_inline_styles_and_can_be_focused()
    {
        var table = Parse(MarkdownRenderer.RenderPost("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |")).QuerySelector("table")!;

        Assert.Equal("0", table.GetAttribute("tabindex"));
        Assert.Equal([null, "align-center", "align-right", null, "align-center", "align-right"], table.QuerySelectorAll("th, td").Select(cell => cell.GetAttribute("class")));
        Assert.Empty(table.QuerySelectorAll("[style]"));
    }

    public static TheoryData<string> Deep => new(
        string.Concat(Enumerable.Repeat("> ", 60)) + "last",
        string.Concat(Enumerable.Range(0, 20).Select(level => $"{new string(' ', level * 2)}- level {level}\n")) + new string(' ', 40) + "- last",
        string.Concat(Enumerable.Range(0, 10).Select(_ => "> 1. ")) + "last");

    [Theory]
    [MemberData(nameof(Deep))]
    public void Nesting_has_an_end_and_every_word_stays(string markdown)
    {
        var html = Parse(MarkdownRenderer.RenderComment(markdown));

        Assert.Contains("last", html.Body!.TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(html.QuerySelectorAll("blockquote, ul, ol"));
        Assert.All(html.QuerySelectorAll("*"), element => Assert.InRange(element.GetAncestors().OfType<IElement>().Count(above => above.LocalName is "blockquote" or "ul" or "ol"), 0, 5));
        Assert.All(Enumerable.Range(0, markdown.Contains("level", StringComparison.Ordinal) ? 20 : 0), level => Assert.Matches($@"level {level}\b(?!\S)", html.Body.TextContent));
    }

    [Theory]
    [InlineData("[x]: http://example.com")]
    [InlineData("-")]
    [InlineData("#")]
    [InlineData("[](u)")]
    [InlineData("&nbsp;")]
    [InlineData("```\n```")]
    [InlineData("```\n \n```")]
    [InlineData("``` c\n```")]
    [InlineData(">")]
    [InlineData("> - # \u2800")]
    [InlineData("- [ ] &#x200B;")]
    [InlineData("&#xFDD0;&#1;&#x13441;")]
    [InlineData("[](javascript:x)")]
    [InlineData("**\u200B**")]
    [InlineData("[\u3164](https://example.com)")]
    [InlineData("| |\n|-|\n| |")]
    public void What_shows_nothing_is_not_seen(string markdown) => Assert.False(RenderedHtml.IsSeen(MarkdownRenderer.RenderComment(markdown)));

    [Theory]
    [InlineData("a")]
    [InlineData("---")]
    [InlineData("2.")]
    [InlineData("\\\n\\")]
    [InlineData("<b>")]
    [InlineData("![](https://a.example/cat.png)")]
    [InlineData("```\n.\n```")]
    [InlineData("\uD83D\uDE42")]
    [InlineData("&lt;")]
    public void What_shows_anything_is_seen(string markdown) => Assert.True(RenderedHtml.IsSeen(MarkdownRenderer.RenderComment(markdown)));

    [Theory]
    [InlineData("[a](#part)", "/posts/tea%20%ED%95%9C#part", "https://blog.example/posts/tea%20%ED%95%9C#part")]
    [InlineData("[a](?sort=newest#comments)", "/posts/tea%20%ED%95%9C?sort=newest#comments", "https://blog.example/posts/tea%20%ED%95%9C?sort=newest#comments")]
    [InlineData("[a](/tags/tea?page=2)", "/tags/tea?page=2", "https://blog.example/tags/tea?page=2")]
    [InlineData("[a](tags/tea)", "/tags/tea", "https://blog.example/tags/tea")]
    [InlineData("[a](//a.example/b)", "//a.example/b", "https://a.example/b")]
    [InlineData("[a](https://a.example/b#c)", "https://a.example/b#c", "https://a.example/b#c")]
    [InlineData("[a](mailto:mina@example.com)", "mailto:mina@example.com", "mailto:mina@example.com")]
    [InlineData("![a](/cat.png)", "/cat.png", "https://blog.example/cat.png")]
    public void A_link_leads_to_the_same_place_from_a_page_and_from_a_mail(string markdown, string onPage, string inMail)
    {
        foreach (var html in new[] { MarkdownRenderer.RenderComment(markdown), MarkdownRenderer.RenderPost(markdown) })
        {
            Assert.Equal(onPage, Target(RenderedHtml.OnPage(html, "tea 한")));
            Assert.Equal(inMail, Target(RenderedHtml.InMail(html, "tea 한", new Uri("https://blog.example/"))));
        }

        static string? Target(string html) => Parse(html).QuerySelector("a, img") is { } element ? element.GetAttribute("href") ?? element.GetAttribute("src") : null;
    }

    [Fact]
    public void A_text_that_looks_like_a_link_of_the_page_stays_a_text() =>
        Assert.Equal("<p>&lt;a href=&quot;#part&quot;&gt;</p>", RenderedHtml.OnPage(MarkdownRenderer.RenderComment("<a href=\"#part\">"), "tea").Trim());

    [Fact]
    public void A_mail_shows_boxes_alignment_and_code_without_a_style_sheet()
    {
        var mail = RenderedHtml.InMail(MarkdownRenderer.RenderComment("- [ ] a\n- [x] b\n\n|c|\n|-:|\n|d|\n\n```\ne\n```"), "tea", new Uri("https://blog.example"));

        var html = Parse(mail);
        Assert.Empty(html.QuerySelectorAll("input"));
        Assert.Equal(["☐ a", "☑ b"], html.QuerySelectorAll("label").Select(label => label.TextContent));
        Assert.Equal("text-align:right;", html.QuerySelector("td")!.GetAttribute("style"));
        Assert.Equal("white-space:pre-wrap;", html.QuerySelector("pre")!.GetAttribute("style"));
    }

    [Fact]
    public void Every_block_of_a_text_with_both_directions_finds_its_own()
    {
        var html = Parse(MarkdownRenderer.RenderComment("Hello\n\nשלום\n\n- مرحبا\n\n> שלום\n\n# Title\n\n```\ncode\n```\n\n|a|\n|-|\n|b|"));

        Assert.Equal(["p", "p", "ul", "blockquote", "h4", "table"], html.QuerySelectorAll("[dir=auto]").Select(block => block.LocalName));
        Assert.Empty(Parse(MarkdownRenderer.RenderComment("Hello\n\n한글")).QuerySelectorAll("[dir]"));
    }
}
