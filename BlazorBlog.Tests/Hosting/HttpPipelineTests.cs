using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Hosting;

public sealed class HttpPipelineTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/posts/slow-coffee")]
    [InlineData("/healthz/live")]
    public async Task Head_is_answered_as_get_without_the_body(string path)
    {
        await using var blog = await TestBlog.StartAsync();
        await blog.AddPostAsync("Slow coffee");
        using var visitor = blog.Visitor();

        using var answer = await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/webhooks/twilio/status", HttpStatusCode.NotFound)]
    [InlineData("/webhooks/coolsms/guessed", HttpStatusCode.NotFound)]
    public async Task A_refused_post_keeps_its_own_status(string path, HttpStatusCode status)
    {
        await using var blog = await TestBlog.StartAsync();
        using var visitor = blog.Visitor();

        using var answer = await visitor.PostAsync(path, new FormUrlEncodedContent([]));

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_preview_that_is_too_long_or_from_elsewhere_is_refused_by_its_own_status()
    {
        await using var blog = await TestBlog.StartAsync();
        using var visitor = blog.Visitor();

        using var tooLong = await visitor.PostAsync("/comments/preview", new FormUrlEncodedContent([new("Body", new string('a', 5001))]));
        using var elsewhere = await visitor.PostAsync(
            "/comments/preview", new FormUrlEncodedContent([new("Body", "a")]), request => request.Headers.Add("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, tooLong.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData("Host", "'", HttpStatusCode.BadRequest)]
    [InlineData("X-Forwarded-Proto", "javascript", HttpStatusCode.BadRequest)]
    [InlineData("Content-Type", "application/x-www-form-urlencoded; charset=utf-7", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_request_that_makes_no_sense_is_refused_and_no_fault_of_ours(string header, string value, HttpStatusCode status)
    {
        await using var blog = await TestBlog.StartAsync();
        await blog.AddPostAsync("Slow coffee");
        using var visitor = blog.Visitor();

        using var answer = await visitor.CommentAsync("slow-coffee", "Hello", change: request =>
        {
            if (header == "Content-Type")
            {
                request.Content!.Headers.Remove(header);
                request.Content.Headers.TryAddWithoutValidation(header, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }
        });

        Assert.Equal(status, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task While_the_database_is_away_a_form_is_answered_503_with_its_text_and_a_script_in_JSON()
    {
        await using var blog = await TestBlog.StartAsync();
        await blog.AddPostAsync("Slow coffee");
        using var visitor = blog.Visitor();
        await using var away = await DatabaseAway.TakeAsync(blog);

        using var page = await visitor.CommentAsync("slow-coffee", "Written with <care>.");
        using var json = await visitor.CommentAsync("slow-coffee", "Hello", change: request => request.Headers.Add("Accept", "application/json"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (page.StatusCode, json.StatusCode));
        Assert.Contains("Written with &lt;care&gt;.", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.NotNull(page.Headers.RetryAfter);
        var answer = await json.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Contains("try again", answer.GetProperty("errors").GetProperty("").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_answers_the_post_s_page_with_the_text_in_the_form_and_is_not_ready()
    {
        await using var blog = await TestBlog.StartAsync();
        await blog.AddPostAsync("Slow coffee");
        await blog.ChangeAsync(async db => await db.Database.ExecuteSqlRawAsync(
            """
            CREATE TRIGGER full_disk BEFORE INSERT ON "Comments" BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END;
            CREATE TRIGGER full_disk_too BEFORE UPDATE ON "__EFMigrationsHistory" BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END;
            """));
        using var visitor = blog.Visitor();

        using var answer = await visitor.CommentAsync("slow-coffee", "Written with care.");
        using var ready = await visitor.GetAsync("/healthz/ready");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (answer.StatusCode, ready.StatusCode));
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Written with care.</textarea>", page, StringComparison.Ordinal);
        Assert.Contains("could not be saved just now", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blog_without_mail_offers_no_way_to_sign_in_that_needs_it()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["Email:Transport"] = "None");
        using var visitor = blog.Visitor();

        var page = await visitor.ReadAsync("/account/login");

        Assert.Contains("Sign in with a passkey", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/account/forgot", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/account/login/code", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/account/register", page, StringComparison.Ordinal);
        Assert.Contains("cannot send mail yet", await visitor.ReadAsync("/account/login/code"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/c/!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("/c/AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/c/short")]
    public async Task A_short_link_that_leads_nowhere_is_not_found(string path)
    {
        await using var blog = await TestBlog.StartAsync();
        using var visitor = blog.Visitor();

        using var answer = await visitor.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_Korean_address_of_a_post_works_in_every_link_to_its_comments()
    {
        await using var blog = await TestBlog.StartAsync();
        await blog.AddPostAsync("Slow coffee", post => post.Slug = "한강");
        using var visitor = blog.Visitor();

        using var answer = await visitor.CommentAsync("한강", "잘 읽었어요");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith("/posts/%ED%95%9C%EA%B0%95#comment-", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var page = await visitor.GetAsync("/posts/%ED%95%9C%EA%B0%95");
        Assert.Contains("잘 읽었어요", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
