using BlazorBlog.Comments.Posting;
using BlazorBlog.Support;
using Bunit;

namespace BlazorBlog.Posts;

public sealed class PostViewTests : IDisposable
{
    private static readonly PostDetails Post = new(
        Guid.CreateVersion7(), "a-post", "Tea & <biscuits>", "What we drank.", "<p>The <em>text</em>.</p>", "Minseo", ReaderContext.Now.AddDays(-2),
        UpdatedAt: null, ReadingMinutes: 3, [new TagName("tea", "Tea")], CommentsClosed: false, ThreadSequence: 1);

    private static readonly CommentFormView Form =
        new("a-post", new CommentDraft { Body = "Typed" }, new Dictionary<string, string>(), ReplyTo: null, MaxLength: 5000, RenderedAt: "");

    private readonly ReaderContext _reader = new();

    [Fact]
    public void The_post_stands_above_its_thread_and_the_form_outside_of_it()
    {
        var screen = Render(Post, Form);

        Assert.Equal("Tea & <biscuits>", screen.Find("h1").TextContent);
        Assert.Equal("text", screen.Find(".prose em").TextContent);
        Assert.Equal("Tea", screen.Find(".tags li").TextContent);
        Assert.Null(screen.Find("form").Closest("section#comments"));
        Assert.True(screen.Markup.IndexOf("id=\"comments\"", StringComparison.Ordinal) < screen.Markup.IndexOf("id=\"comment-form\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_closed_post_has_a_thread_but_no_form()
    {
        var screen = Render(Post with { CommentsClosed = true }, form: null);

        Assert.Empty(screen.FindAll("form"));
        Assert.NotNull(screen.Find("#comments"));
    }

    [Fact]
    public void Whoever_wrote_while_comments_were_being_closed_gets_the_text_back()
    {
        var errors = new Dictionary<string, string> { [""] = "Comments on this post are closed." };
        var screen = Render(Post with { CommentsClosed = true }, Form with { Errors = errors });

        Assert.Equal("Typed", screen.Find("textarea").TextContent);
        Assert.Equal("Comments on this post are closed.", screen.Find("[role=alert] li").TextContent);
    }

    [Fact]
    public void An_updated_post_says_when() =>
        Assert.Contains("Updated 1 day ago", Render(Post with { UpdatedAt = ReaderContext.Now.AddDays(-1) }, Form).Find(".byline").TextContent, StringComparison.Ordinal);

    public void Dispose() => _reader.Dispose();

    private IRenderedComponent<PostView> Render(PostDetails post, CommentFormView? form) =>
        _reader.Render<PostView>(p => p.Add(x => x.Post, post).Add(x => x.Thread, "<section id=\"comments\"></section>").Add(x => x.Form, form));
}
