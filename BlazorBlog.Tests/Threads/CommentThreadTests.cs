using BlazorBlog.Support;
using Bunit;
using static BlazorBlog.Support.CommentViewBuilder;

namespace BlazorBlog.Threads;

public sealed class CommentThreadTests : IDisposable
{
    private readonly ReaderContext _reader = new();

    [Fact]
    public async Task The_thread_is_a_region_named_comments_and_counts_what_is_visible()
    {
        var removed = Comment() with { Removed = true, Html = "" };
        var thread = await Render(Thread(Comment("Ines", Comment("Tom")), removed));

        Assert.Equal("Comments", thread.Find("section[role=region]").GetAttribute("aria-label"));
        Assert.Equal("2 comments", thread.Find("h2").TextContent);
    }

    [Fact]
    public async Task One_comment_is_not_called_comments() =>
        Assert.Equal("1 comment", (await Render(Thread(Comment()))).Find("h2").TextContent);

    [Fact]
    public async Task An_empty_thread_invites_and_has_a_place_for_the_first_comment()
    {
        var thread = await Render(Thread());

        Assert.Contains("Be the first", thread.Find("[data-empty]").TextContent, StringComparison.Ordinal);
        Assert.Empty(thread.Find("ol[data-replies-of='']").Children);
    }

    [Fact]
    public async Task A_closed_thread_says_so_and_offers_no_reply()
    {
        var thread = await Render(Thread(Comment("Ines", Comment("Tom"))), closed: true);

        Assert.Contains("closed", thread.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Empty(thread.FindAll("[data-reply]"));
    }

    [Fact]
    public async Task Replies_stand_in_a_list_inside_the_item_of_the_comment_they_answer()
    {
        var reply = Comment("Tom");
        var parent = Comment("Ines", reply);
        var thread = await Render(Thread(parent));

        var list = thread.Find($"ol[data-replies-of='{parent.Id}']");
        Assert.Equal("Replies to Ines", list.GetAttribute("aria-label"));
        Assert.Equal($"comment-{parent.Id}", list.Closest("li")!.FirstElementChild!.Id);
        Assert.Equal("1 reply", list.ParentElement!.QuerySelector("summary")!.TextContent);
        Assert.Equal($"comment-{reply.Id}", Assert.Single(list.QuerySelectorAll("article")).Id);
    }

    [Fact]
    public async Task A_korean_reader_gets_a_korean_thread()
    {
        using var reader = new ReaderContext("ko");
        var thread = await reader.RenderThreadAsync(Thread(Comment()));

        Assert.Equal("댓글", thread.Find("section").GetAttribute("aria-label"));
        Assert.Equal("댓글 1개", thread.Find("h2").TextContent);
        Assert.Equal("답글 쓰기", thread.Find("[data-reply]").TextContent);
    }

    [Fact]
    public async Task Five_levels_stand_inside_each_other()
    {
        var nested = Enumerable.Range(1, 5).Aggregate(Comment("last"), (reply, level) => Comment($"level {5 - level}", reply));

        Assert.Equal("last", (await Render(Thread(nested))).Find("ol ol ol ol ol ol article h3").TextContent);
    }

    [Fact]
    public async Task A_long_thread_is_shown_in_pages_that_links_lead_through()
    {
        var roots = Enumerable.Range(1, 45).Select(number => Comment($"Reader {number}") with { CreatedAt = ReaderContext.Now.AddMinutes(number) }).ToArray();
        var first = await Render(Thread(roots));

        Assert.Equal("45 comments", first.Find("h2").TextContent);
        Assert.Equal(20, first.FindAll("article").Count);
        Assert.Equal("Show more (25)", first.Find(".more-comments a").TextContent);
        Assert.Equal($"/posts/a-post?comment={roots[20].Id}#comment-{roots[20].Id}", first.Find(".more-comments a").GetAttribute("href"));

        var later = await Render(Thread(roots), around: roots[30].Id);
        Assert.Contains(later.FindAll("article"), article => article.Id == $"comment-{roots[30].Id}");
        Assert.Equal("Show earlier (28)", Assert.Single(later.FindAll(".more-comments a")).TextContent);
    }

    [Fact]
    public async Task Newest_first_turns_the_top_of_the_thread_around_and_no_conversation()
    {
        var old = Comment("Old", Comment("First answer"), Comment("Second answer")) with { CreatedAt = ReaderContext.Now.AddHours(-2) };
        var thread = await _reader.RenderThreadAsync(Thread(old, Comment("New")), newestFirst: true);

        Assert.Equal(["New", "Old", "First answer", "Second answer"], thread.FindAll("article h3").Select(name => name.TextContent));
        Assert.Equal("Oldest first", thread.Find(".order a").TextContent);
    }

    [Fact]
    public async Task Of_a_branch_without_end_fifty_are_shown_and_the_rest_is_counted()
    {
        var replies = Enumerable.Range(1, 80).Select(number => Comment($"Reader {number}")).ToArray();
        var thread = await Render(Thread(Comment("Ines", replies)));

        Assert.Equal(50, thread.FindAll("article").Count);
        Assert.Equal("Show 31 more replies", thread.Find(".more-comments a").TextContent);
        Assert.EndsWith($"#comment-{replies[49].Id}", thread.Find(".more-comments a").GetAttribute("href"), StringComparison.Ordinal);
    }

    public void Dispose() => _reader.Dispose();

    private Task<IRenderedComponent<CommentThread>> Render(ThreadView thread, bool closed = false, Guid? around = null) =>
        _reader.RenderThreadAsync(thread, closed, around: around);
}
