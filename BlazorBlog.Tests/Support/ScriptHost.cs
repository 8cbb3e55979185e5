using System.Collections.Concurrent;
using BlazorBlog.Components;
using BlazorBlog.Hosting;
using BlazorBlog.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Support;

/// <summary>Serves the real post page and its real scripts under the strictest content security policy; what the comment endpoint answers, each test decides.</summary>
public sealed class ScriptHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptHost()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(Program).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddRazorComponents();
        builder.Services.AddLocalization();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new SiteSettings());
        builder.Services.AddSingleton<ScriptModules>();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'";
            return next(context);
        });
        _app.UseRouting();
        _app.UseAntiforgery();
        _app.MapStaticAssets();
        ScriptModules.Map(_app);
        _app.MapRazorComponents<ScriptPage>();
        _app.MapPost("/posts/{slug}/comments", async Task<IResult> (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            Received.Enqueue(form);
            return await Answer(form);
        });
        _app.MapPost("/comments/preview", async Task<IResult> (HttpRequest request) =>
            Results.Content($"<em>{(await request.ReadFormAsync())["Body"]}</em>", "text/html"));
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Every form that arrived, in order.</summary>
    public ConcurrentQueue<IFormCollection> Received { get; } = new();

    /// <summary>What the endpoint does with a form.</summary>
    public Func<IFormCollection, Task<IResult>> Answer { get; set; } = form => Task.FromResult(Accepted(form));

    /// <summary>The comment that stands in the thread from the start.</summary>
    internal CommentView First { get; } = CommentViewBuilder.Comment("Ines");

    public static async Task<ScriptHost> StartAsync()
    {
        var host = new ScriptHost();
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>The endpoint's answer to a comment that was saved and is visible.</summary>
    public static IResult Accepted(IFormCollection form)
    {
        var id = Guid.CreateVersion7();
        var html = $"""<article id="comment-{id}" class="comment"><div class="comment-body">{form["Body"]}</div></article>""";
        return Results.Json(new { id, url = $"/posts/a-post#comment-{id}", html, status = "approved", notice = "Look into your mailbox." }, statusCode: StatusCodes.Status201Created);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
