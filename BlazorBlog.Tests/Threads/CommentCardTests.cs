using BlazorBlog.Comments;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Bunit;
using Microsoft.AspNetCore.Components;
using static BlazorBlog.Support.CommentViewBuilder;

namespace BlazorBlog.Threads;

public sealed class CommentCardTests : IDisposable
{
    private readonly ReaderContext _reader = new();

    [Fact]
    public void A_comment_is_an_article_with_a_permalink_on_its_time()
    {
        var comment = Comment() with { Id = new Guid("01900000-ABCD-7000-8000-00000000000F") };
        var card = Render(comment);

        Assert.Equal("comment-01900000-abcd-7000-8000-00000000000f", card.Find("article").Id);
        Assert.Equal($"/posts/a-post#comment-{comment.Id}", card.Find("time").ParentElement!.GetAttribute("href"));
        Assert.Equal("14 Mar 2026, 21:00", card.Find("time").TextContent);
    }

    [Fact]
    public void Its_reply_link_works_without_script_and_tells_the_script_whom_it_answers()
    {
        var comment = Comment("Ines \"the\" first");
        var reply = Render(comment).Find("footer [data-reply]");

        Assert.Equal("Reply", reply.TextContent);
        Assert.Equal($"/posts/a-post?reply={comment.Id}#comment-form", reply.GetAttribute("href"));
        Assert.Equal(comment.Id.ToString(), reply.GetAttribute("data-reply"));
        Assert.Equal("Ines \"the\" first", reply.GetAttribute("data-name"));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\" onmouseover=\"alert(1)")]
    [InlineData("&lt;b&gt;")]
    [InlineData("\u202Ereversed")]
    public void A_hostile_name_is_only_text(string name)
    {
        var card = Render(Comment(name) with { Answers = new ReplyTarget(Guid.CreateVersion7(), name), IsBesideParent = true });

        Assert.Equal(name, card.Find("article header h3 bdi").TextContent);
        Assert.Equal($"in reply to {name}", card.Find(".in-reply-to a").TextContent);
        Assert.Empty(card.FindAll("script, [onmouseover]"));
    }

    [Fact]
    public void Readers_who_jump_from_heading_to_heading_find_every_comment()
    {
        var heading = Render(Comment("Ines") with { Html = MarkdownRenderer.RenderComment("## Mine") }).FindAll("h1, h2, h3, h4, h5, h6");

        Assert.Equal([("H3", "Ines"), ("H4", "Mine")], heading.Select(heading => (heading.TagName, heading.TextContent)));
    }

    [Theory]
    [InlineData("<p>안녕하세요</p>", "ko")]
    [InlineData("<p>Hello</p>", null)]
    [InlineData("<p>Привет</p>", null)]
    public void A_comment_in_another_language_says_so_wherever_it_is_shown(string html, string? language)
    {
        var hidden = new ModeratedComment(Guid.NewGuid(), "Ines", html, ReaderContext.Now, CommentStatus.Hidden, HoldReason: null);
        var tools = new ModeratorTools([hidden], (_, _) => Task.CompletedTask, Refusal: null);
        IRenderedComponent<IComponent>[] shown =
        [
            Render(Comment() with { Html = html }),
            _reader.Render<PendingComments>(p => p.Add(x => x.Comments, [new PendingComment(Guid.NewGuid(), html)]).Add(x => x.Slug, "a-post")),
            _reader.Render<ModeratorQueue>(p => p.Add(x => x.Tools, tools).Add(x => x.Slug, "a-post").Add(x => x.IsLive, true)),
        ];

        Assert.All(shown, component => Assert.Equal(language, component.Find(".comment-body").GetAttribute("lang")));
    }

    [Fact]
    public void A_link_within_a_comment_stays_on_the_page_of_its_post() => Assert.Equal(
        "/posts/a-post#part", Render(Comment() with { Html = "<p><a href=\"#part\">there</a></p>" }).Find(".comment-body a").GetAttribute("href"));

    [Fact]
    public void Only_the_author_of_the_post_wears_the_badge()
    {
        Assert.Equal("Author", Render(Comment() with { ByPostAuthor = true }).Find(".badge").TextContent);
        Assert.Empty(Render(Comment()).FindAll(".badge"));
    }

    [Fact]
    public void An_edited_comment_says_so() =>
        Assert.EndsWith("edited", Render(Comment() with { EditedAt = ReaderContext.Now }).Find("header").TextContent.Trim(), StringComparison.Ordinal);

    [Fact]
    public void A_removed_comment_keeps_its_place_but_none_of_its_words()
    {
        var removed = Comment("Spammer") with { Removed = true, Html = "<p>Buy!</p>" };
        var card = Render(removed);

        Assert.Equal("This comment was removed.", card.Find($"#comment-{removed.Id}").TextContent.Trim());
        Assert.DoesNotContain("Spammer", card.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Buy!", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_and_relation_are_said_to_those_who_do_not_see_them()
    {
        var target = new ReplyTarget(Guid.CreateVersion7(), "Ines");

        Assert.Equal("Reply to Ines, level 3", Render(Comment() with { Depth = 2, Answers = target }).Find("header .unseen").TextContent);
        Assert.Equal("Reply, level 2", Render(Comment() with { Depth = 1 }).Find("header .unseen").TextContent);
        Assert.Empty(Render(Comment()).FindAll("header .unseen"));
    }

    [Fact]
    public void Reactions_are_a_form_that_works_without_scripts()
    {
        var comment = Comment() with { Reactions = new ReactionCounts().Change(Reaction.Love, 1).Change(Reaction.Love, 1) };
        var card = Render(comment);

        Assert.Equal($"/posts/a-post/comments/{comment.Id}/reactions", card.Find("form").GetAttribute("action"));
        Assert.Equal("Love, 2", card.Find(".reactions > button").GetAttribute("aria-label"));
        Assert.Equal(["like", "laugh", "celebrate"], card.FindAll(".react-choices button").Select(button => button.GetAttribute("value")));
    }

    [Fact]
    public void A_flattened_reply_links_to_the_comment_it_answers()
    {
        var target = new ReplyTarget(Guid.CreateVersion7(), "Ines");
        var link = Render(Comment("Tom") with { Answers = target, IsBesideParent = true }).Find(".in-reply-to a");

        Assert.Equal("in reply to Ines", link.TextContent);
        Assert.Equal($"/posts/a-post#comment-{target.Id}", link.GetAttribute("href"));
    }

    public void Dispose() => _reader.Dispose();

    private IRenderedComponent<CommentCard> Render(CommentView comment) =>
        _reader.Render<CommentCard>(p => p.Add(x => x.Comment, comment).Add(x => x.Slug, "a-post"));
}
