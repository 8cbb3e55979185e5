using System.Collections.Concurrent;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Email.Smtp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Support;

/// <summary>An OAuth token endpoint that checks the refresh grant and sells <c>token-1</c>, <c>token-2</c>, … for an hour each.</summary>
public sealed class FakeTokenServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> _forms = [];
    private int _requests;

    private FakeTokenServer(WebApplication app)
    {
        _app = app;
        app.MapPost("/token", AnswerAsync);
    }

    public EmailOAuthSettings Settings => new()
    {
        TokenUrl = new Uri(new Uri(_app.Urls.Single()), "/token"),
        ClientId = "client",
        ClientSecret = "client-secret",
        RefreshToken = "refresh-0",
    };

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Fields of the requests, oldest first.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Forms => [.. _forms];

    /// <summary>In place of a token; <c>{0}</c> stands for the number of the request.</summary>
    public (int Status, string Body)? Answer { get; set; }

    /// <summary>Answers wait for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static async Task<FakeTokenServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new FakeTokenServer(builder.Build());
        await server._app.StartAsync();
        return server;
    }

    public OAuthTokenSource Tokens(TimeProvider? time = null, TimeSpan? timeout = null) =>
        new(new HttpClient { Timeout = timeout ?? TimeSpan.FromSeconds(15) }, Settings, time ?? TimeProvider.System);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref _requests);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        _forms.Enqueue(form.ToDictionary(field => field.Key, field => field.Value.ToString()));
        await Gate.WaitAsync(context.RequestAborted);
        var valid = form["grant_type"] == "refresh_token" && form["client_id"] == "client" && form["client_secret"] == "client-secret";
        var (status, body) = Answer ?? (valid
            ? (200, $$"""{"access_token":"token-{{number}}","expires_in":3600,"token_type":"Bearer"}""")
            : (401, """{"error":"invalid_client"}"""));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.Replace("{0}", $"{number}", StringComparison.Ordinal), context.RequestAborted);
    }
}
