using BlazorBlog.Support;
using Bunit;

namespace BlazorBlog.Posts;

public sealed class PostListViewTests : IDisposable
{
    private readonly ReaderContext _reader = new();

    [Fact]
    public void A_post_shows_what_one_needs_to_choose_it()
    {
        var list = Render(new PostList([Summary("Lighthouse <3") with { CommentCount = 2 }], Page: 1, PageCount: 1));

        var title = list.Find("h2 a");
        Assert.Equal("Lighthouse <3", title.TextContent);
        Assert.Equal("/posts/lighthouse", title.GetAttribute("href"));
        Assert.Equal("2 comments", list.Find("a[href='/posts/lighthouse#comments']").TextContent);
        Assert.Equal("4 min read", list.Find("time + span").TextContent);
        Assert.Empty(list.FindAll("nav"));
    }

    [Fact]
    public void A_blog_without_posts_says_so_calmly() =>
        Assert.Equal("Nothing here yet", Render(new PostList([], Page: 1, PageCount: 1)).Find("h1").TextContent);

    [Theory]
    [InlineData(1, new[] { "/?page=2" })]
    [InlineData(2, new[] { "/", "/?page=3" })]
    [InlineData(3, new[] { "/?page=2" })]
    public void Pages_lead_to_their_neighbours(int page, string[] neighbours)
    {
        var list = Render(new PostList([Summary("A post")], page, PageCount: 3));

        Assert.Equal(neighbours, list.FindAll("nav a").Select(link => link.GetAttribute("href")));
        Assert.Equal($"Page {page} of 3", list.Find("nav span").TextContent);
    }

    public void Dispose() => _reader.Dispose();

    private IRenderedComponent<PostListView> Render(PostList list) => _reader.Render<PostListView>(p => p.Add(x => x.List, list));

    private static PostSummary Summary(string title) =>
        new(Guid.CreateVersion7(), "lighthouse", title, "One evening.", "Minseo", ReaderContext.Now.AddDays(-2), ReadingMinutes: 4, [], CommentCount: 0);
}
