using BlazorBlog.Support;
using Bunit;
using static BlazorBlog.Support.CommentViewBuilder;

namespace BlazorBlog.Comments;

public sealed class CommentThreadTests : IDisposable
{
    private readonly ReaderContext _reader = new();

    [Fact]
    public void The_thread_is_a_region_named_comments_and_counts_what_is_visible()
    {
        var removed = Comment() with { Removed = true, Html = "" };
        var thread = Render(Thread(Comment("Ines", Comment("Tom")), removed));

        Assert.Equal("Comments", thread.Find("section[role=region]").GetAttribute("aria-label"));
        Assert.Equal("2 comments", thread.Find("h2").TextContent);
    }

    [Fact]
    public void One_comment_is_not_called_comments() =>
        Assert.Equal("1 comment", Render(Thread(Comment())).Find("h2").TextContent);

    [Fact]
    public void An_empty_thread_invites_and_has_a_place_for_the_first_comment()
    {
        var thread = Render(Thread());

        Assert.Contains("Be the first", thread.Find("[data-empty]").TextContent, StringComparison.Ordinal);
        Assert.Empty(thread.Find("ol[data-replies-of='']").Children);
    }

    [Fact]
    public void A_closed_thread_says_so_and_offers_no_reply()
    {
        var thread = Render(Thread(Comment("Ines", Comment("Tom"))), closed: true);

        Assert.Contains("closed", thread.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Empty(thread.FindAll("[data-reply]"));
    }

    [Fact]
    public void Replies_stand_in_a_list_inside_the_item_of_the_comment_they_answer()
    {
        var reply = Comment("Tom");
        var parent = Comment("Ines", reply);
        var thread = Render(Thread(parent));

        var list = thread.Find($"ol[data-replies-of='{parent.Id}']");
        Assert.Equal("Replies to Ines", list.GetAttribute("aria-label"));
        Assert.Equal($"comment-{parent.Id}", list.PreviousElementSibling!.Id);
        Assert.Equal($"comment-{reply.Id}", Assert.Single(list.QuerySelectorAll("article")).Id);
    }

    [Fact]
    public void A_korean_reader_gets_a_korean_thread()
    {
        using var reader = new ReaderContext("ko");
        var thread = reader.Render<CommentThread>(p => p.Add(x => x.Thread, Thread(Comment())).Add(x => x.Slug, "a-post"));

        Assert.Equal("댓글", thread.Find("section").GetAttribute("aria-label"));
        Assert.Equal("댓글 1개", thread.Find("h2").TextContent);
        Assert.Equal("답글 쓰기", thread.Find("[data-reply]").TextContent);
    }

    public void Dispose() => _reader.Dispose();

    private IRenderedComponent<CommentThread> Render(ThreadView thread, bool closed = false) =>
        _reader.Render<CommentThread>(p => p.Add(x => x.Thread, thread).Add(x => x.Slug, "a-post").Add(x => x.Closed, closed));
}
