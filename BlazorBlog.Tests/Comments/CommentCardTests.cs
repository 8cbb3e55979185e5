using BlazorBlog.Support;
using Bunit;
using static BlazorBlog.Support.CommentViewBuilder;

namespace BlazorBlog.Comments;

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
        Assert.Equal("3 hours ago", card.Find("time").TextContent);
    }

    [Fact]
    public void Its_reply_link_works_without_script_and_tells_the_script_whom_it_answers()
    {
        var comment = Comment("Ines \"the\" first");
        var reply = Render(comment).Find("footer a");

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
        var card = Render(Comment(name, Comment("Tom") with { InReplyTo = new ReplyTarget(Guid.CreateVersion7(), name) }));

        Assert.Equal(name, card.Find("article header strong bdi").TextContent);
        Assert.Equal($"in reply to {name}", card.Find(".in-reply-to a").TextContent);
        Assert.Empty(card.FindAll("script, [onmouseover]"));
    }

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
    public void A_removed_comment_keeps_its_place_and_its_replies_but_none_of_its_words()
    {
        var removed = Comment("Spammer", Comment("Tom")) with { Removed = true, Html = "<p>Buy!</p>" };
        var card = Render(removed);

        Assert.Equal("This comment was removed.", card.Find($"#comment-{removed.Id}").TextContent.Trim());
        Assert.DoesNotContain("Spammer", card.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Buy!", card.Markup, StringComparison.Ordinal);
        Assert.Equal("Tom", card.Find("ol article strong").TextContent);
    }

    [Fact]
    public void A_flattened_reply_links_to_the_comment_it_answers()
    {
        var target = new ReplyTarget(Guid.CreateVersion7(), "Ines");
        var link = Render(Comment("Tom") with { InReplyTo = target }).Find(".in-reply-to a");

        Assert.Equal("in reply to Ines", link.TextContent);
        Assert.Equal($"/posts/a-post#comment-{target.Id}", link.GetAttribute("href"));
    }

    [Fact]
    public void Five_levels_stand_inside_each_other()
    {
        var nested = Enumerable.Range(1, 5).Aggregate(Comment("last"), (reply, level) => Comment($"level {5 - level}", reply));

        Assert.Equal("last", Render(nested).Find("ol ol ol ol ol article strong").TextContent);
    }

    public void Dispose() => _reader.Dispose();

    private IRenderedComponent<CommentCard> Render(CommentView comment) =>
        _reader.Render<CommentCard>(p => p.Add(x => x.Comment, comment).Add(x => x.Slug, "a-post"));
}
