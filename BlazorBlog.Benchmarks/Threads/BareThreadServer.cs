using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Threads;

/// <summary>What the framework alone costs: a page with one interactive component, and an endpoint that adds a comment to it.</summary>
internal static class BareThreadServer
{
    /// <summary>A POST there adds the comment whose markup is the body of the request.</summary>
    public const string CommentsPath = "comments";

    /// <param name="file">A JSON array with the markup of each comment.</param>
    public static async Task<WebApplication> StartAsync(string file)
    {
        var comments = JsonSerializer.Deserialize<string[]>(await File.ReadAllBytesAsync(file))!;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddSingleton(new BareThread(comments));
        var app = builder.Build();
        app.UseAntiforgery();
        app.MapGet("/", () => new RazorComponentResult<BareDocument>());
        app.MapPost($"/{CommentsPath}", async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            context.RequestServices.GetRequiredService<BareThread>().Add(await body.ReadToEndAsync());
        });
        // As the blog does.
        app.MapRazorComponents<BareDocument>().AddInteractiveServerRenderMode(options => options.DisableWebSocketCompression = true);
        await app.StartAsync();
        return app;
    }
}
