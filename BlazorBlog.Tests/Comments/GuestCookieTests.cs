using System.Net;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Comments;

public sealed class GuestCookieTests(BlogFixture fixture) : IClassFixture<BlogFixture>
{
    private readonly TestBlog _blog = fixture.Blog;

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_says_nothing_readable()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();

        using var response = await mina.CommentAsync(slug, "Hello.");

        var header = Assert.Single(response.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("blog_guest=", StringComparison.Ordinal));
        Assert.Contains("httponly", header, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", header, StringComparison.OrdinalIgnoreCase);
        var guest = (await LastAsync(slug)).GuestId!.Value;
        Assert.DoesNotContain(guest.ToString(), header, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(guest.ToString("N"), header, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_same_browser_is_the_same_guest()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        await mina.MustCommentAsync(slug, "One.");
        var first = (await LastAsync(slug)).GuestId;

        await mina.MustCommentAsync(slug, "Two.", new() { ["Name"] = "Mina the Second" });

        Assert.Equal(first, (await LastAsync(slug)).GuestId);
        Assert.Equal(["Mina", "Mina the Second"], await NamesAsync(slug));
    }

    [Fact]
    public async Task The_same_typed_address_is_not_the_same_guest()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var liar = _blog.Visitor();
        var form = new Dictionary<string, string?> { ["Email"] = "mina@example.com" };
        await mina.MustCommentAsync(slug, "One.", form);
        var first = (await LastAsync(slug)).GuestId;

        await liar.MustCommentAsync(slug, "Two.", form);

        Assert.NotEqual(first, (await LastAsync(slug)).GuestId);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("")]
    [InlineData("a guid")]
    [InlineData("%%%")]
    public async Task Whoever_writes_a_cookie_is_a_new_guest(string kind)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        await mina.MustCommentAsync(slug, "One.");
        var first = (await LastAsync(slug)).GuestId!.Value;
        using var thief = _blog.Visitor("Thief");
        thief.Cookie = kind switch
        {
            "changed" => mina.Cookie![..^6] + (mina.Cookie![^6] == 'A' ? 'B' : 'A') + mina.Cookie[^5..],
            "a guid" => first.ToString(),
            _ => kind,
        };
        var page = await thief.ReadAsync($"/posts/{slug}");

        await thief.MustCommentAsync(slug, "Two.");

        Assert.Equal("", FormResponse.Parse(page).Value("Name"));
        Assert.NotEqual(first, (await LastAsync(slug)).GuestId);
    }

    [Fact]
    public async Task A_refused_comment_makes_no_guest_and_gives_no_cookie()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var guests = await _blog.ReadAsync(db => db.Guests.CountAsync());

        using var response = await mina.CommentAsync(slug, "");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Null(mina.Cookie);
        Assert.Equal(guests, await _blog.ReadAsync(db => db.Guests.CountAsync()));
    }

    private Task<Comment> LastAsync(string slug) =>
        _blog.ReadAsync(db => db.Comments.AsNoTracking().Where(comment => comment.Post!.Slug == slug).OrderBy(comment => comment.Sequence).LastAsync());

    private Task<List<string>> NamesAsync(string slug) =>
        _blog.ReadAsync(db => db.Comments.Where(comment => comment.Post!.Slug == slug).OrderBy(comment => comment.Sequence).Select(comment => comment.AuthorName).ToListAsync());
}
