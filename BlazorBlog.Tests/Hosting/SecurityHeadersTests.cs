using System.Net;
using BlazorBlog.Accounts;
using BlazorBlog.Support;

namespace BlazorBlog.Hosting;

public sealed class SecurityHeadersTests
{
    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/posts/slow-coffee", HttpStatusCode.OK)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/healthz/live", HttpStatusCode.OK)]
    [InlineData("/healthz/ready", HttpStatusCode.OK)]
    public async Task Every_answer_says_what_a_browser_may_run_and_frame(string path, HttpStatusCode status)
    {
        await using var blog = await TestBlog.StartAsync();
        await blog.AddPostAsync("Slow coffee");
        using var visitor = blog.Visitor();

        using var answer = await visitor.GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
        AssertProtected(answer);
    }

    [Fact]
    public async Task So_does_the_page_for_a_fault_of_ours_and_the_blog_is_not_ready()
    {
        await using var blog = await TestBlog.StartAsync();
        await blog.AddPostAsync("Slow coffee");
        using var visitor = blog.Visitor();
        await using var away = await DatabaseAway.TakeAsync(blog);

        using var answer = await visitor.GetAsync("/posts/slow-coffee");
        using var ready = await visitor.GetAsync("/healthz/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Something went wrong", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        AssertProtected(answer);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    [Theory]
    [InlineData("/admin", true)]
    [InlineData("/admin/users", false)]
    [InlineData("/account", false)]
    [InlineData("/posts/slow-coffee", false)]
    public async Task Pages_made_of_MudBlazor_alone_load_it_and_may_have_inline_styles(string path, bool isMadeOfIt)
    {
        await using var blog = await TestBlog.StartAsync();
        await blog.AddPostAsync("Slow coffee");
        using var administrator = await AccountVisitor.SignedInAsync(blog, Roles.Administrator, strong: true);

        var page = await administrator.GetAsync(path);

        page.MustBe(HttpStatusCode.OK);
        Assert.Equal(isMadeOfIt, page.ContentSecurityPolicy.Contains("style-src 'self' 'unsafe-inline'", StringComparison.Ordinal));
        Assert.Equal(isMadeOfIt, page.Html.Contains("MudBlazor", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://blog.example", "max-age=31536000")]
    [InlineData("http://blog.example", null)]
    [InlineData("https://localhost:5081", null)]
    public async Task Where_the_public_address_is_https_browsers_never_ask_by_anything_else(string baseUrl, string? expected)
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["Site:BaseUrl"] = baseUrl);
        using var visitor = blog.Visitor();

        using var answer = await visitor.GetAsync("/");

        Assert.Equal(expected, answer.Headers.TryGetValues("Strict-Transport-Security", out var values) ? Assert.Single(values) : null);
    }

    private static void AssertProtected(HttpResponseMessage answer)
    {
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }
}
