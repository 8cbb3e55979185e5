using System.Net;
using System.Text.RegularExpressions;

namespace BlazorBlog.Support;

/// <summary>A person with a browser: keeps the cookies it is given, follows no redirect, and sends no header of its own accord.</summary>
public sealed partial class Visitor(Uri address, string name) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    public string Name { get; } = name;

    /// <summary>The value of the guest cookie, once the blog gave one.</summary>
    public string? Cookie { get; set; }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public async Task<string> ReadAsync(string path)
    {
        using var response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Posts the plain form of a post.</summary>
    /// <param name="slug">The post.</param>
    /// <param name="body">The comment.</param>
    /// <param name="fields">Further fields of the form; a null value takes a field away.</param>
    /// <param name="change">Headers of the request.</param>
    public Task<HttpResponseMessage> CommentAsync(string slug, string body, Dictionary<string, string?>? fields = null, Action<HttpRequestMessage>? change = null)
    {
        Dictionary<string, string?> form = new()
        {
            ["Name"] = Name,
            ["Email"] = "",
            ["Body"] = body,
            ["ParentId"] = "",
            ["IdempotencyKey"] = "",
        };
        foreach (var (field, value) in fields ?? [])
        {
            form[field] = value;
        }

        var content = new FormUrlEncodedContent(form.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, field.Value!)));
        return PostAsync($"/posts/{slug}/comments", content, change);
    }

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent? content, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        change?.Invoke(request);
        return SendAsync(request);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (Cookie is not null)
        {
            request.Headers.Add("Cookie", $"blog_guest={Cookie}");
        }

        var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var header in response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [])
        {
            if (GuestCookie().Match(header) is { Success: true } match)
            {
                Cookie = match.Groups[1].Value;
            }
        }

        return response;
    }

    /// <summary>Posts a comment that must be taken.</summary>
    /// <returns>Its id, as the answer's address says it.</returns>
    public async Task<Guid> MustCommentAsync(string slug, string body, Dictionary<string, string?>? fields = null)
    {
        using var response = await CommentAsync(slug, body, fields);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return CommentId(response);
    }

    /// <summary>The comment that a redirect leads to.</summary>
    public static Guid CommentId(HttpResponseMessage response)
    {
        var match = Anchor().Match(response.Headers.Location!.OriginalString);
        Assert.True(match.Success, $"'{response.Headers.Location}' does not lead to a comment.");
        return Guid.ParseExact(match.Groups[1].Value, "D");
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("^blog_guest=([^;]+)")]
    private static partial Regex GuestCookie();

    [GeneratedRegex("#comment-([0-9a-f-]{36})$")]
    private static partial Regex Anchor();
}
