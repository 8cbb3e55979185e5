namespace BlazorBlog.Posts;

public sealed class HtmlAllowListTests
{
    private static readonly HtmlAllowList Posts = new(images: true);
    private static readonly HtmlAllowList Comments = new(images: false);

    public static TheoryData<string> Texts =>
    [
        "Plain words, \"quoted\" and 'quoted', 1 < 2 && 3 > 2, a\u00A0b, &copy; &amp; &#128512;.",
        "한글 문단입니다. **굵게** *기울여* ~~지움~~ 😀 ㄱ\u1100\u1161\n둘째 줄",
        "# One\n\n## Two\n\n### Three\n\n#### Four\n\n##### Five\n\n###### Six",
        "> a quote\n>\n> > and one inside\n\n---\n\nline  \nbreak\\\nbreak",
        "```csharp\nvar x = a < b && c > d ? \"e\" : 'f';\n\n\treturn;\n```\n\n    indented <b>\n\n`inline <i>`",
        "```c++\nint x;\n```\n\n```한글\n말\n```\n\n```\n\nfirst line empty\n```",
        "| a | b |\n|:--|--:|\n| **1** | `2` |\n| [x](https://a.example) | \"3\" |",
        "שלום\n\nHello\n\n- [ ] שלום\n\n> שלום\n\n# Title\n\n|a|\n|-|\n|b|",
        "- [ ] open\n- [x] done\n\n1. one\n2. two\n\n7. seven\n8. eight\n   - below\n\n     with a paragraph",
        "[a](https://a.example/b?c=d&e=f \"a \\\"title\\\"\") <https://a.example/> <jin@example.com> https://b.example/?q=한글&x='y' www.c.example",
        "[a](/posts/other) [b](#comment-1) [c](?page=2:3) [c](other?page=2:3) [d](//a.example/x) [e](mailto:jin@example.com?subject=a%20b) [f](한글/경로) []()",
        "[a](https://한글.example/길?q=<x>) [b](https://a.example/%ED%95%9C) [c](https://a.example/a(b)c) [d](HTTPS://A.EXAMPLE) [e](https://user@a.example:8080/)",
        "![a \"cat\" & <dog>](https://a.example/cat.png \"title\") ![](/images/lighthouse.svg)",
        "<b>raw</b> <script>alert(1)</script> <!-- comment --> &lt;i&gt;",
        "  \n\n",
        "",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_the_renderer_writes_passes_without_a_change(string markdown)
    {
        Assert.Equal(MarkdownRenderer.PostHtml(markdown), MarkdownRenderer.RenderPost(markdown));
        Assert.Equal(MarkdownRenderer.CommentHtml(markdown), MarkdownRenderer.RenderComment(markdown));
    }

    [Fact]
    public void The_posts_of_a_new_blog_pass_without_a_change()
    {
        var program = typeof(MarkdownRenderer).Assembly;
        var posts = program.GetManifestResourceNames().Where(name => name.EndsWith(".md", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(posts);
        foreach (var name in posts)
        {
            using var reader = new StreamReader(program.GetManifestResourceStream(name)!);
            What_the_renderer_writes_passes_without_a_change(reader.ReadToEnd());
        }
    }

    [Theory]
    [InlineData("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>")]
    [InlineData("<p onclick=\"alert(1)\" style=\"color:red\" id=\"x\" class=\"y\">a</p>", "<p>a</p>")]
    [InlineData("<a href=\"javascript:alert(1)\">a</a>", "<a>a</a>")]
    [InlineData("<a href=\"java\tscript:alert(1)\">a</a>", "<a>a</a>")]
    [InlineData("<a href=\"data:text/html,x\" title=\"t\" target=\"_blank\">a</a>", "<a title=\"t\">a</a>")]
    [InlineData("<svg><a xlink:href=\"javascript:alert(1)\">a</a></svg><p>b</p>", "<p>b</p>")]
    [InlineData("<iframe src=\"https://a.example\"></iframe><object></object><embed><form></form><base href=\"/\"><p>b</p>", "<p>b</p>")]
    [InlineData("</div></article><p>a", "<p>a</p>")]
    [InlineData("<p>a</p><!-- b -->", "<p>a</p>")]
    [InlineData("<input type=\"image\" src=\"https://a.example/i.png\"><input type=\"text\"><input disabled=\"disabled\" type=\"checkbox\" name=\"n\" />", "<input disabled=\"disabled\" type=\"checkbox\" />")]
    [InlineData("<p tabindex=\"1\">a</p><pre tabindex=\"0\">b</pre>", "<p>a</p><pre tabindex=\"0\">b</pre>")]
    [InlineData("<code class=\"language-c language-d comment-form\">a</code><li class=\"language-c task-list-item\">b</li>", "<code class=\"language-c language-d\">a</code><li class=\"task-list-item\">b</li>")]
    [InlineData("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "")]
    public void What_it_never_writes_is_taken_away(string html, string kept)
    {
        Assert.Equal(kept, Posts.Apply(html));
        Assert.Equal(kept, Comments.Apply(html));
    }

    [Fact]
    public void Only_a_post_keeps_its_pictures()
    {
        const string picture = "<p><img src=\"https://a.example/i.png\" alt=\"a\" onerror=\"alert(1)\" srcset=\"https://b.example/i.png\" /></p>";

        Assert.Equal("<p><img src=\"https://a.example/i.png\" alt=\"a\" /></p>", Posts.Apply(picture));
        Assert.Equal("<p></p>", Comments.Apply(picture));
    }

    [Fact]
    public void Many_texts_at_once_do_not_mix()
    {
        var texts = Enumerable.Range(0, 200).Select(i => $"<p>text {i} <a href=\"https://a.example/{i}\">link</a></p>").ToArray();

        var kept = texts.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(text => Comments.Apply(text.Replace("<a ", "<a onclick=\"x\" ", StringComparison.Ordinal))).ToArray();

        Assert.Equal(texts, kept);
    }
}
