using System.Diagnostics;
using BlazorBlog.Comments;

namespace BlazorBlog.Servers;

/// <summary>The real program in a process of its own, configured by environment variables, with one post in its database.</summary>
internal sealed class BlogProcess : IDisposable
{
    private readonly Scratch _scratch;
    private readonly HttpClient _browser;

    private BlogProcess(Scratch scratch, ChildServer server, Uri page)
    {
        _scratch = scratch;
        Server = server;
        _browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
        Page = page;
    }

    public ChildServer Server { get; }

    /// <summary>The post's page.</summary>
    public Uri Page { get; }

    /// <param name="comments">In the post's thread.</param>
    /// <param name="smtpPort">Of this machine; null for a blog without mail.</param>
    /// <param name="program">The directory of the program; null for the one beside the benchmarks.</param>
    public static async Task<BlogProcess> StartAsync(int comments, int? smtpPort = null, string? program = null)
    {
        program ??= AppContext.BaseDirectory;
        var scratch = new Scratch();
        var settings = smtpPort is { } port ? BlogHost.Settings(scratch, port) : BlogHost.Settings(scratch);
        string slug;
        await using (var blog = await BlogHost.OpenAsync(settings))
        {
            slug = (await blog.AddPostAsync(comments)).Slug;
        }

        var environment = settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        // The line that tells the address.
        environment["Logging__LogLevel__BlazorBlog"] = "Information";
        environment[StartupHook.Variable] = typeof(StartupHook).Assembly.Location;
        var server = await ChildServer.StartAsync(Path.Combine(program, "BlazorBlog.dll"), [], program, environment);
        return new BlogProcess(scratch, server, new Uri(server.Address, $"/posts/{slug}"));
    }

    public Task<byte[]> ReadPageAsync() => _browser.GetByteArrayAsync(Page);

    public Task<string> ReadPageTextAsync() => _browser.GetStringAsync(Page);

    /// <summary>Reads the page as a visitor for whom it must be made, for it may differ from everybody's.</summary>
    public async Task ReadFreshPageAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Page);
        request.Headers.Add("Cookie", $"{GuestCookie.Name}=unknown");
        using var answer = await _browser.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Posts a comment as somebody new.</summary>
    /// <param name="remark">Stands at its end.</param>
    /// <param name="parent">The comment it answers; null for none.</param>
    /// <returns>The <see cref="Stopwatch"/>'s times before the request and after the answer.</returns>
    public async Task<(long Before, long After)> PostCommentAsync(string remark = "", Guid? parent = null)
    {
        var draft = BlogHost.Draft();
        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create(nameof(draft.Name), draft.Name),
            KeyValuePair.Create(nameof(draft.Body), $"{draft.Body} {remark}".TrimEnd()),
            KeyValuePair.Create(nameof(draft.ParentId), $"{parent}"),
            KeyValuePair.Create(nameof(draft.IdempotencyKey), draft.IdempotencyKey),
        ]);
        var before = Stopwatch.GetTimestamp();
        using var answer = await _browser.PostAsync(new Uri($"{Page.AbsolutePath}/comments", UriKind.Relative), form);
        var after = Stopwatch.GetTimestamp();
        return answer.StatusCode == System.Net.HttpStatusCode.SeeOther
            ? (before, after)
            : throw new InvalidOperationException($"The comment was answered with {(int)answer.StatusCode}.");
    }

    public void Dispose()
    {
        _browser.Dispose();
        Server.Dispose();
        _scratch.Dispose();
    }
}
