using System.Net;
using BlazorBlog.Support;

namespace BlazorBlog.Hosting;

/// <summary>Whose word about the visitor's address is taken. The proxy next to the blog is the test itself, on loopback.</summary>
public sealed class TrustedProxiesTests
{
    private const string Cdn = "10.1.2.3";

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("192.0.2.1, 10.1.2.3")]
    public async Task Visitors_behind_a_trusted_proxy_each_have_a_limit_of_their_own(string trusted)
    {
        await using var blog = await StartAsync(("Site:TrustedProxies", trusted));

        Assert.Equal(
            [HttpStatusCode.SeeOther, HttpStatusCode.SeeOther, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests],
            await CommentAsync(blog, $"203.0.113.1, {Cdn}", $"203.0.113.2, {Cdn}", $"203.0.113.1, {Cdn}", $"198.51.100.1, 203.0.113.1, {Cdn}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("true")]
    public async Task What_anybody_else_says_of_an_address_changes_no_limit(string believesAll)
    {
        // The host's own switch believes everybody, and puts a middleware of its own in front.
        await using var blog = await StartAsync(("FORWARDEDHEADERS_ENABLED", believesAll));

        Assert.Equal(
            [HttpStatusCode.SeeOther, HttpStatusCode.TooManyRequests],
            await CommentAsync(blog, $"203.0.113.1, {Cdn}", $"203.0.113.2, {Cdn}"));
    }

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10.0.0.0/33")]
    public void What_is_no_address_and_no_network_is_reported_with_its_key(string proxy)
    {
        var (_, errors) = WrittenSettings.Read<SiteSettings>("Site", ("Site:TrustedProxies", $"127.0.0.1,{proxy},::1,fd00::/8"));

        Assert.StartsWith($"Site:TrustedProxies: '{proxy}'", Assert.Single(errors), StringComparison.Ordinal);
    }

    private static async Task<TestBlog> StartAsync((string Key, string Value) setting)
    {
        var blog = await TestBlog.StartAsync(options =>
        {
            options.Settings["RateLimits:Enabled"] = "true";
            options.Settings["RateLimits:CommentsPerMinute"] = "1";
            options.Settings[setting.Key] = setting.Value;
        });
        await blog.AddPostAsync();
        return blog;
    }

    private static async Task<List<HttpStatusCode>> CommentAsync(TestBlog blog, params string[] forwardedFor)
    {
        List<HttpStatusCode> answers = [];
        foreach (var addresses in forwardedFor)
        {
            using var visitor = blog.Visitor();
            using var answer = await visitor.CommentAsync("slow-coffee", $"Number {answers.Count}.", change: request => request.Headers.Add("X-Forwarded-For", addresses));
            answers.Add(answer.StatusCode);
        }

        return answers;
    }
}
