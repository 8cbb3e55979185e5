using System.Net;
using BlazorBlog.Support;

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
