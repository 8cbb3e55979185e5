using System.Net;
using System.Text;
using System.Text.Json;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Comments.Posting;

public sealed class CommentEndpointsTests(BlogFixture fixture) : IClassFixture<BlogFixture>
{
    private readonly TestBlog _blog = fixture.Blog;

    [Fact]
    public async Task A_comment_is_answered_with_the_address_where_it_stands()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();

        using var response = await mina.CommentAsync(slug, "Lovely.");

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        var comment = Assert.Single(await CommentsAsync(slug));
        Assert.Equal($"/posts/{slug}#comment-{comment.Id:D}", response.Headers.Location!.OriginalString);
        Assert.Equal(("Mina", "Lovely.", CommentStatus.Approved), (comment.AuthorName, comment.Body, comment.Status));
    }

    [Fact]
    public async Task A_reply_stands_below_the_comment_it_answers()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var parent = await mina.MustCommentAsync(slug, "First.");

        var reply = await mina.MustCommentAsync(slug, "Second.", new() { ["ParentId"] = parent.ToString() });

        Assert.Equal(parent, (await CommentsAsync(slug)).Single(comment => comment.Id == reply).ParentId);
    }

    public static TheoryData<string, string, string?> BrokenRules => new()
    {
        { "Name", "Name", "" },
        { "Name", "Name", "   " },
        { "Name", "Name", "\u202E\u2066\u0007" },
        { "Name", "Name", new string('n', 81) },
        { "Name", "Name", null },
        { "Email", "Email", "not an address" },
        { "Email", "Email", "a@b.example, c@d.example" },
        { "Email", "Email", "Mina <mina@example.com>" },
        { "Email", "Email", "mina@localhost" },
        { "Email", "NotifyReplies", "true" },
        { "Body", "Body", "" },
        { "Body", "Body", " \r\n\t " },
        { "Body", "Body", "\u200B\u3164" },
        { "Body", "Body", "\u2800" },
        { "Body", "Body", "[x]: http://example.com" },
        { "Body", "Body", "```\n```" },
        { "Name", "Name", "\u2800\uFE0F\U000E0067\u0301\uFFA0" },
        { "Body", "Body", null },
        { "Body", "Body", new string('b', 5001) },
        { "ParentId", "ParentId", "not-a-guid" },
        { "ParentId", "ParentId", "01900000-0000-7000-8000-000000000000" },
        { "IdempotencyKey", "IdempotencyKey", new string('k', 65) },
        { "IdempotencyKey", "IdempotencyKey", "1" },
    };

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public async Task A_broken_rule_is_named_once_with_the_page_and_nothing_is_written(string rule, string field, string? value)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();

        using var page = await mina.CommentAsync(slug, "A <b>fair</b> comment & more.", new() { [field] = value });
        using var json = await mina.CommentAsync(slug, "A fair comment.", new() { [field] = value }, Json);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, json.StatusCode);
        Assert.Equal([rule], await ErrorsAsync(json));
        var form = await FormAsync(page);
        Assert.Contains(await MessageAsync(json, rule), rule is "Name" or "Email" or "Body" ? form.MessageOf(rule) : form.Summary, StringComparison.Ordinal);
        Assert.Equal(field == "Name" ? (value ?? "").Replace("\u0007", "", StringComparison.Ordinal) : "Mina", form.Value("Name").Replace("\u0007", "", StringComparison.Ordinal));
        if (field != "Body")
        {
            Assert.Equal("A <b>fair</b> comment & more.", form.Body);
        }

        Assert.Empty(await CommentsAsync(slug));
    }

    [Fact]
    public async Task Every_typed_word_comes_back_in_the_answer_and_none_of_it_as_markup()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();

        using var response = await mina.CommentAsync(slug, "", new()
        {
            ["Name"] = "\"><script>alert(1)</script>",
            ["Email"] = "\"><img src=x onerror=alert(1)>",
            ["Body"] = "\n</textarea><script>alert(2)</script>\n" + new string('x', 5000),
            ["NotifyReplies"] = "true",
        });

        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        var form = await FormAsync(response);
        Assert.Equal("\"><script>alert(1)</script>", form.Value("Name"));
        Assert.Equal("\"><img src=x onerror=alert(1)>", form.Value("Email"));
        Assert.Equal("\n</textarea><script>alert(2)</script>\n" + new string('x', 5000), form.Body);
        Assert.True(form.IsChecked("NotifyReplies"));
    }

    [Fact]
    public async Task A_comment_of_another_post_cannot_be_answered_here()
    {
        var here = await fixture.NewPostAsync();
        var there = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var foreign = await mina.MustCommentAsync(there, "Over there.");

        using var response = await mina.CommentAsync(here, "Over here.", new() { ["ParentId"] = foreign.ToString() });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("Over here.", (await FormAsync(response)).Body);
        Assert.Empty(await CommentsAsync(here));
    }

    [Fact]
    public async Task A_removed_comment_cannot_be_answered()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var parent = await mina.MustCommentAsync(slug, "Soon gone.");
        Assert.True(await _blog.ModerateAsync(service => service.RemoveAsync(parent, TestContext.Current.CancellationToken)));

        using var response = await mina.CommentAsync(slug, "Too late.", new() { ["ParentId"] = parent.ToString() });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("Too late.", (await FormAsync(response)).Body);
        Assert.Single(await CommentsAsync(slug));
    }

    [Fact]
    public async Task A_request_without_any_form_is_answered_with_the_form()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        HttpContent?[] bodies =
        [
            null,
            new ByteArrayContent([]),
            new ByteArrayContent("Name=Mina&Body=Hello"u8.ToArray()),
            new StringContent("{\"Body\":\"Hello\"}", Encoding.UTF8, "application/json"),
            new StringContent("", Encoding.UTF8, "application/x-www-form-urlencoded"),
            new StringContent("%&=%%zz&&==", Encoding.UTF8, "application/x-www-form-urlencoded"),
        ];
        foreach (var body in bodies)
        {
            using var response = await mina.PostAsync($"/posts/{slug}/comments", body);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.NotEmpty((await FormAsync(response)).MessageOf("Body"));
        }

        Assert.Empty(await CommentsAsync(slug));
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("multipart/form-data; boundary=\"" + "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" + "\"")]
    [InlineData("application/x-www-form-urlencoded; charset=klingon")]
    public async Task A_form_that_breaks_off_or_cannot_be_read_is_answered_with_the_form(string contentType)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var body = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=\"Name\"\r\n\r\nMi"u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var response = await mina.PostAsync($"/posts/{slug}/comments", body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.NotEmpty((await FormAsync(response)).MessageOf("Body"));
        Assert.Empty(await CommentsAsync(slug));
    }

    [Fact]
    public async Task Many_values_of_one_field_are_one_value()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var form = new StringContent("Name=Mina&Name=Other&Body=First&Body=Second&ParentId=", Encoding.UTF8, "application/x-www-form-urlencoded");

        using var response = await mina.PostAsync($"/posts/{slug}/comments", form);

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("First", Assert.Single(await CommentsAsync(slug)).Body);
    }

    [Theory]
    [InlineData("Name=Mi%00na&Body=Te%00a%00&Email=", "Mina", "Tea")]
    [InlineData("Name=Mi%EF%BF%BEna&Body=Te%EF%BF%BEa%EF%B7%90&Email=", "Mina", "Tea")]
    [InlineData("Name=Mina&Body=Te%01a%F4%8F%BF%BF&IdempotencyKey=0190%007d5e-7a3b-7c4d-8e9f-0a1b2c3d4e5f&Email=", "Mina", "Tea")]
    public async Task Characters_that_no_text_may_have_are_left_out_and_the_rest_is_taken(string fields, string name, string body)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var form = new StringContent(fields, Encoding.UTF8, "application/x-www-form-urlencoded");

        using var response = await mina.PostAsync($"/posts/{slug}/comments", form);

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        var comment = Assert.Single(await CommentsAsync(slug));
        Assert.Equal((name, body), (comment.AuthorName, comment.Body));
    }

    [Fact]
    public async Task A_null_escape_in_one_field_leaves_what_the_others_say()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        // Longer than one read of the socket, so that escapes stand across two.
        var words = string.Concat(Enumerable.Repeat("tea%00", 4000));
        using var form = new StringContent($"Name=Mi%00na&Body={words}&Email=not+an+address", Encoding.UTF8, "application/x-www-form-urlencoded");

        using var response = await mina.PostAsync($"/posts/{slug}/comments", form);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var answer = await FormAsync(response);
        Assert.Equal(("Mina", "not an address"), (answer.Value("Name"), answer.Value("Email")));
        Assert.Equal(string.Concat(Enumerable.Repeat("tea", 4000)), answer.Body);
    }

    [Fact]
    public async Task A_megabyte_of_text_is_too_long_and_comes_back_whole()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var text = new string('m', 1024 * 1024);

        using var response = await mina.CommentAsync(slug, text);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var form = await FormAsync(response);
        Assert.NotEmpty(form.MessageOf("Body"));
        Assert.Equal(text, form.Body);
        Assert.Empty(await CommentsAsync(slug));
    }

    [Theory]
    [InlineData(5 * 1024 * 1024, false)]
    [InlineData(5 * 1024 * 1024, true)]
    public async Task More_than_can_be_read_is_still_answered_in_the_form(int length, bool chunked)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var content = new StringContent("Name=Mina&Body=" + new string('m', length), Encoding.ASCII, "application/x-www-form-urlencoded");

        using var response = await mina.PostAsync($"/posts/{slug}/comments", content, request => request.Headers.TransferEncodingChunked = chunked);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.NotEmpty((await FormAsync(response)).MessageOf("Body"));
        Assert.Empty(await CommentsAsync(slug));
    }

    [Fact]
    public async Task Whoever_fills_the_field_that_people_do_not_see_is_refused()
    {
        var slug = await fixture.NewPostAsync();
        using var bot = _blog.Visitor("Bot");

        using var response = await bot.CommentAsync(slug, "Buy this.", new() { ["Website"] = "https://spam.example" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.NotEmpty((await FormAsync(response)).Summary);
        Assert.Empty(await CommentsAsync(slug));
    }

    [Fact]
    public async Task A_name_is_one_line_in_one_direction()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();

        await mina.MustCommentAsync(slug, "Hello.", new() { ["Name"] = " Mi\r\nna\u202E \u2067K\u0007im\u0085 " });

        Assert.Equal("Mina Kim", Assert.Single(await CommentsAsync(slug)).AuthorName);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://blog.example")]
    [InlineData("Origin", "https://blog.example:8443")]
    [InlineData("Origin", "https://blog.example.evil.example")]
    public async Task A_post_from_another_site_is_forbidden(string header, string value)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();

        using var page = await mina.CommentAsync(slug, "Tricked.", change: request => request.Headers.Add(header, value));
        using var json = await mina.CommentAsync(slug, "Tricked.", change: request =>
        {
            Json(request);
            request.Headers.Add(header, value);
        });

        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, json.StatusCode);
        Assert.Equal([""], await ErrorsAsync(json));
        Assert.Empty(await CommentsAsync(slug));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", null)]
    [InlineData("Origin", "https://blog.example")]
    [InlineData("Accept", "*/*")]
    public async Task A_post_from_the_blog_itself_or_from_no_browser_is_welcome(string header, string? value)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();

        using var response = await mina.CommentAsync(slug, "Fair.", change: request =>
            request.Headers.Add(header, value ?? _blog.Address.GetLeftPart(UriPartial.Authority)));

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
    }

    [Fact]
    public async Task What_the_browser_says_of_the_site_weighs_more_than_the_origin()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();

        using var response = await mina.CommentAsync(slug, "Behind a proxy.", change: request =>
        {
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            request.Headers.Add("Origin", "https://blog.example");
        });

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
    }

    [Fact]
    public async Task There_is_no_commenting_on_a_post_that_is_not_there_or_not_out()
    {
        await _blog.AddPostAsync("A draft", post => post.PublishedAt = null);
        await _blog.AddPostAsync("Tomorrow", post => post.PublishedAt = _blog.Time.GetUtcNow().AddDays(1));
        using var mina = _blog.Visitor();
        foreach (var slug in new[] { "nowhere", "a-draft", "tomorrow" })
        {
            using var page = await mina.CommentAsync(slug, "Hello?");
            using var json = await mina.CommentAsync(slug, "Hello?", change: Json);

            Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, json.StatusCode);
            Assert.Equal([""], await ErrorsAsync(json));
        }
    }

    [Fact]
    public async Task A_closed_thread_takes_no_comment_and_gives_the_text_back()
    {
        var post = await _blog.AddPostAsync("Closed", post => post.CommentsClosedAt = post.CreatedAt.AddMinutes(-1));
        using var mina = _blog.Visitor();

        using var response = await mina.CommentAsync(post.Slug, "One more word.");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("One more word.", (await FormAsync(response)).Body);
        Assert.Empty(await CommentsAsync(post.Slug));
    }

    [Fact]
    public async Task Looking_changes_nothing()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, $"/posts/{slug}/comments?Name=Mina&Body=Hello"), (HttpMethod.Head, $"/posts/{slug}/comments"),
            (HttpMethod.Get, $"/posts/{slug}"), (HttpMethod.Head, $"/posts/{slug}"),
        })
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await mina.SendAsync(request);
            Assert.True((int)response.StatusCode < 500, $"{method} {path} answered {(int)response.StatusCode}.");
        }

        Assert.Null(mina.Cookie);
        Assert.Empty(await CommentsAsync(slug));
    }

    [Fact]
    public async Task A_script_gets_the_saved_comment_as_JSON()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();

        using var response = await mina.CommentAsync(slug, "Hello **there**.", change: Json);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var saved = Assert.Single(await CommentsAsync(slug));
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(saved.Id, json.RootElement.GetProperty("id").GetGuid());
        Assert.Equal($"/posts/{slug}#comment-{saved.Id}", json.RootElement.GetProperty("url").GetString());
        Assert.Equal("approved", json.RootElement.GetProperty("status").GetString());
        Assert.Contains("<strong>there</strong>", json.RootElement.GetProperty("html").GetString(), StringComparison.Ordinal);
    }

    private static void Json(HttpRequestMessage request) => request.Headers.Add("Accept", "application/json");

    private static async Task<string[]> ErrorsAsync(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return [.. json.RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name)];
    }

    private static async Task<string> MessageAsync(HttpResponseMessage response, string field)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.RootElement.GetProperty("errors").GetProperty(field).GetString()!;
    }

    private static async Task<FormResponse> FormAsync(HttpResponseMessage response) =>
        FormResponse.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    private Task<List<Comment>> CommentsAsync(string slug) =>
        _blog.ReadAsync(db => db.Comments.AsNoTracking().Where(comment => comment.Post!.Slug == slug).ToListAsync());
}
