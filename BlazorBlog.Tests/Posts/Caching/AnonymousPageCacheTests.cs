using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Parser;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Posts.Caching;

public sealed class AnonymousPageCacheTests(BlogFixture fixture) : IClassFixture<BlogFixture>
{
    private readonly TestBlog _blog = fixture.Blog;

    [Theory]
    [InlineData("post")]
    [InlineData("/")]
    public async Task Every_anonymous_reader_gets_the_same_bytes_and_no_cookie(string page)
    {
        var slug = await fixture.NewPostAsync();
        var path = page == "post" ? $"/posts/{slug}" : page;
        using var mina = _blog.Visitor();
        using var joon = _blog.Visitor("Joon");

        // The very first answer only teaches which post has the address.
        await mina.ReadAsync(path);
        using var first = await mina.GetAsync(path);
        using var second = await joon.GetAsync(path);

        Assert.False(first.Headers.Contains("Set-Cookie"));
        Assert.False(second.Headers.Contains("Set-Cookie"));
        Assert.Equal(
            await first.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("post", "br")]
    [InlineData("post", "identity")]
    [InlineData("/", "gzip")]
    public async Task What_is_the_same_for_everybody_may_be_stored_and_is_not_sent_twice_to_whoever_has_it(string page, string encoding)
    {
        var slug = await fixture.NewPostAsync();
        var path = page == "post" ? $"/posts/{slug}" : page;
        using var reader = _blog.Visitor();
        await reader.ReadAsync(path);

        using var first = await AskAsync(reader, path, encoding);
        using var again = await AskAsync(reader, path, encoding, first.Headers.ETag);
        using var other = await AskAsync(reader, path, encoding == "br" ? "gzip" : "br", first.Headers.ETag);
        using var head = await AskAsync(reader, path, encoding, first.Headers.ETag, HttpMethod.Head);
        await reader.MustCommentAsync(slug, "News");
        using var stranger = _blog.Visitor();
        using var after = await AskAsync(stranger, path, encoding, first.Headers.ETag);

        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
        Assert.Empty(first.Headers.Pragma);
        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.NotModified), (again.StatusCode, head.StatusCode));
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal("no-cache", again.Headers.CacheControl?.ToString());
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (other.StatusCode, after.StatusCode));
        Assert.NotEqual(first.Headers.ETag, other.Headers.ETag);
    }

    [Fact]
    public async Task What_holds_something_personal_is_not_stored()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello");
        using var stranger = _blog.Visitor();

        using var own = await mina.GetAsync($"/posts/{slug}");
        using var form = await stranger.GetAsync("/account/login");
        using var around = await stranger.GetAsync($"/posts/{slug}?comment={id}");
        using var missing = await stranger.GetAsync("/posts/no-such-post");

        Assert.True(own.Headers.CacheControl?.NoStore);
        Assert.True(form.Headers.CacheControl?.NoStore);
        Assert.Equal("no-cache", around.Headers.CacheControl?.ToString());
        Assert.False(around.Headers.Contains("Set-Cookie"));
        Assert.Null(around.Headers.Age);
        Assert.Null(missing.Headers.ETag);
    }

    [Theory]
    [InlineData("/posts/%EC%82%AC%EA%B3%BC-{0}", HttpStatusCode.OK)]
    [InlineData("/posts/%E1%84%89%E1%85%A1%E1%84%80%E1%85%AA-{0}?sort=newest", HttpStatusCode.MovedPermanently)]
    [InlineData("/posts/%EC%82%AC%EA%B3%BC-{1}?sort=newest", HttpStatusCode.MovedPermanently)]
    [InlineData("/posts/%EC%82%AC%EA%B3%BC-{0}x", HttpStatusCode.NotFound)]
    [InlineData("/posts/%EF%BF%BE", HttpStatusCode.NotFound)]
    [InlineData("/tags/%EC%82%AC%EA%B3%BC-{0}", HttpStatusCode.OK)]
    [InlineData("/tags/%E1%84%89%E1%85%A1%E1%84%80%E1%85%AA-{0}?sort=newest", HttpStatusCode.MovedPermanently)]
    [InlineData("/tags/%EC%82%AC%EA%B3%BC-{1}?sort=newest", HttpStatusCode.MovedPermanently)]
    [InlineData("/tags/%EF%BF%BE", HttpStatusCode.NotFound)]
    public async Task Another_spelling_of_an_address_leads_to_the_one_it_has(string path, HttpStatusCode status)
    {
        var post = await _blog.AddPostAsync(change: post => post.Slug = $"사과-{post.Id}");
        await _blog.ChangeAsync(db => db.Posts.Attach(post).Entity.Tags.Add(new Tag { Name = "Apple", Slug = post.Slug }));
        using var mina = _blog.Visitor();
        // Kept by the cache from the second time on.
        await mina.ReadAsync($"/tags/{post.Slug}");
        await mina.ReadAsync($"/tags/{post.Slug}");

        using var answer = await mina.GetAsync(path.Replace("{0}", $"{post.Id}", StringComparison.Ordinal).Replace("{1}", $"{post.Id}".ToUpperInvariant(), StringComparison.Ordinal));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(
            status == HttpStatusCode.MovedPermanently ? $"/{path.Split('/')[1]}/{Uri.EscapeDataString(post.Slug)}?sort=newest" : null,
            answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("한강에서 쓴 메모", null, "ko")]
    [InlineData("한강에서 쓴 메모", "en", null)]
    [InlineData("Zwei Wege", "de", "de")]
    [InlineData("Slow coffee", null, null)]
    public async Task A_post_says_in_which_language_it_is_where_that_is_not_the_pages(string title, string? stored, string? marked)
    {
        var post = await _blog.AddPostAsync(title, post => (post.Slug, post.Summary, post.Language) = ($"{post.Id}", title, stored));
        using var mina = _blog.Visitor();

        foreach (var (path, text) in new[] { ($"/posts/{post.Slug}", "#post-title, .post-summary, .post > .prose"), ("/", $"#post-{post.Slug}, #post-{post.Slug} + p") })
        {
            var page = new HtmlParser().ParseDocument(await mina.ReadAsync(path));
            Assert.Equal("en", page.DocumentElement.GetAttribute("lang"));
            Assert.All(page.QuerySelectorAll(text), element => Assert.Equal(marked, element.GetAttribute("lang")));
            Assert.NotEmpty(page.QuerySelectorAll(text));
        }
    }

    [Fact]
    public async Task Each_browser_gets_the_page_in_an_encoding_that_it_takes()
    {
        var path = $"/posts/{await fixture.NewPostAsync()}";
        using var reader = _blog.Visitor();
        string[] accepted = ["br", "gzip", "identity", "*", "gzip, br;q=0", "deflate, gzip;q=0.5, br;q=0.1", "br"];
        List<string> given = [];
        for (var round = 0; round < 2; round++)
        {
            foreach (var encodings in accepted)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation("Accept-Encoding", encodings);
                using var response = await reader.SendAsync(request);
                var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
                given.Add($"{string.Join(',', response.Content.Headers.ContentEncoding)}{(bytes[0] == (byte)'<' ? " plain" : "")}");
            }
        }

        string[] expected = ["br", "gzip", " plain", " plain", "gzip", "br", "br"];
        Assert.Equal([.. expected, .. expected], given);
    }

    [Theory]
    [InlineData("?page=1", null, true)]
    [InlineData("?page=0001", null, true)]
    [InlineData("?PAGE=01&made=up", null, true)]
    [InlineData("", "made-up.example", true)]
    [InlineData("?page=1&page=2", null, false)]
    [InlineData("?sort=newest", null, true)]
    public async Task Other_spellings_of_an_address_make_no_entry_of_their_own(string query, string? host, bool isKept)
    {
        await fixture.NewPostAsync();
        using var reader = _blog.Visitor();
        await reader.ReadAsync("/");

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{query}") { Headers = { Host = host } };
        using var answer = await reader.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // The cache says so of what it had.
        Assert.Equal(isKept, answer.Headers.Age is not null);
    }

    [Fact]
    public async Task A_page_says_nothing_of_the_host_that_it_was_asked_by()
    {
        var slug = await fixture.NewPostAsync();
        using var reader = _blog.Visitor();
        foreach (var path in new[] { "/", $"/posts/{slug}" })
        {
            // Not from the cache.
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?reply=nothing") { Headers = { Host = "made-up.example" } };
            using var answer = await reader.SendAsync(request);

            Assert.DoesNotContain("made-up", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_two_orders_of_a_thread_are_two_pages_and_a_page_around_a_comment_is_not_kept()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        List<Guid> ids = [];
        for (var i = 0; i < 25; i++)
        {
            ids.Add(await mina.MustCommentAsync(slug, $"Number {i}."));
        }

        using var reader = _blog.Visitor("Reader");
        for (var round = 0; round < 2; round++)
        {
            using var twoOrders = await reader.GetAsync($"/posts/{slug}?sort=newest&sort=other");
            Assert.Null(twoOrders.Headers.Age);
            Assert.DoesNotContain($"comment-{ids[24]}", await reader.ReadAsync($"/posts/{slug}"), StringComparison.Ordinal);
            Assert.Contains($"comment-{ids[24]}", await reader.ReadAsync($"/posts/{slug}?sort=newest"), StringComparison.Ordinal);
            Assert.Contains($"comment-{ids[22]}", await reader.ReadAsync($"/posts/{slug}?comment={ids[22]}"), StringComparison.Ordinal);
            Assert.DoesNotContain($"comment-{ids[24]}", await reader.ReadAsync($"/posts/{slug}?sort=other"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_holds_no_token_and_no_key_of_a_visitor()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();

        var page = await mina.ReadAsync($"/posts/{slug}");

        Assert.DoesNotContain("__RequestVerificationToken", page, StringComparison.Ordinal);
        Assert.Equal("", FormResponse.Parse(page).Value("IdempotencyKey"));
    }

    [Fact]
    public async Task The_next_reader_after_a_comment_sees_it()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var reader = _blog.Visitor("Reader");
        for (var i = 0; i < 5; i++)
        {
            await reader.ReadAsync($"/posts/{slug}");
            var home = await reader.ReadAsync("/");
            var id = await mina.MustCommentAsync(slug, $"Number {i}.");

            Assert.Contains($"comment-{id}", await reader.ReadAsync($"/posts/{slug}"), StringComparison.Ordinal);
            Assert.NotEqual(home, await reader.ReadAsync("/"));
        }
    }

    [Fact]
    public async Task The_next_reader_after_a_removal_an_edit_of_the_post_or_its_closing_sees_that()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var reader = _blog.Visitor("Reader");
        var id = await mina.MustCommentAsync(slug, "Soon gone.");
        await reader.ReadAsync($"/posts/{slug}");
        Assert.Contains("Soon gone.", await reader.ReadAsync($"/posts/{slug}"), StringComparison.Ordinal);

        Assert.True(await _blog.ModerateAsync(service => service.RemoveAsync(id, TestContext.Current.CancellationToken)));
        Assert.DoesNotContain("Soon gone.", await reader.ReadAsync($"/posts/{slug}"), StringComparison.Ordinal);

        await _blog.ChangeAsync(async db => (await db.Posts.SingleAsync(post => post.Slug == slug)).Html = "<p>Rewritten.</p>");
        Assert.Contains("Rewritten.", await reader.ReadAsync($"/posts/{slug}"), StringComparison.Ordinal);

        await _blog.ChangeAsync(async db => (await db.Posts.SingleAsync(post => post.Slug == slug)).CommentsClosedAt = _blog.Time.GetUtcNow());
        Assert.Null(FormResponse.Find(await reader.ReadAsync($"/posts/{slug}")));
    }

    [Fact]
    public async Task A_known_guest_gets_a_page_of_their_own_and_leaves_none_of_it_to_others()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var reader = _blog.Visitor("Reader");
        await mina.MustCommentAsync(slug, "Hello.", new() { ["Email"] = "mina@example.com" });

        var own = FormResponse.Parse(await mina.ReadAsync($"/posts/{slug}"));
        var others = await reader.ReadAsync($"/posts/{slug}");

        Assert.Equal(("Mina", "mina@example.com"), (own.Value("Name"), own.Value("Email")));
        Assert.Equal("", FormResponse.Parse(others).Value("Name"));
        Assert.DoesNotContain("mina@example.com", others, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_script_a_reply_is_begun_by_its_address()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var reader = _blog.Visitor("Reader");
        var id = await mina.MustCommentAsync(slug, "Hello.");
        await reader.ReadAsync($"/posts/{slug}");

        var reply = FormResponse.Parse(await reader.ReadAsync($"/posts/{slug}?reply={id}"));
        var plain = FormResponse.Parse(await reader.ReadAsync($"/posts/{slug}"));
        var nonsense = FormResponse.Parse(await reader.ReadAsync($"/posts/{slug}?reply=nonsense"));

        Assert.Equal(("Reply to Mina", id.ToString()), (reply.Title, reply.Value("ParentId")));
        Assert.Equal(("Leave a comment", ""), (plain.Title, plain.Value("ParentId")));
        Assert.Equal(("Leave a comment", ""), (nonsense.Title, nonsense.Value("ParentId")));
    }

    [Fact]
    public async Task A_page_that_is_not_there_is_not_remembered()
    {
        using var reader = _blog.Visitor("Reader");
        using var missing = await reader.GetAsync("/posts/not-yet");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);

        await _blog.AddPostAsync("Not yet");

        await reader.ReadAsync("/posts/not-yet");
    }

    private static Task<HttpResponseMessage> AskAsync(Visitor reader, string path, string encoding, EntityTagHeaderValue? has = null, HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        if (has is not null)
        {
            request.Headers.IfNoneMatch.Add(has);
        }

        return reader.SendAsync(request);
    }
}
