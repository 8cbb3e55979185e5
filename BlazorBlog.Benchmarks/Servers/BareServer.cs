using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Servers;

/// <summary>What the framework alone costs: Kestrel, and one endpoint that writes bytes it already has.</summary>
internal static class BareServer
{
    public static async Task<WebApplication> StartAsync(ReadOnlyMemory<byte> page)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/", context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.ContentLength = page.Length;
            return context.Response.Body.WriteAsync(page).AsTask();
        });
        await app.StartAsync();
        return app;
    }
}
