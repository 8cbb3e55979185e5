using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Support;

/// <summary>Takes what is exported by OTLP over HTTP, on a free port of this machine.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    /// <summary>Between a span's trace id and its name stand its own id, its parent's and its flags.</summary>
    private const int LongestGap = 48;

    private readonly WebApplication _app;

    private OtlpCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            Assert.Equal("application/x-protobuf", request.ContentType);
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            // One character for each byte.
            Bodies.Add((signal, Encoding.Latin1.GetString(body.ToArray())));
            return Results.Bytes([], "application/x-protobuf");
        });
    }

    public Recorded<(string Signal, string Body)> Bodies { get; } = new();

    public string Endpoint => _app.Urls.First();

    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        await collector._app.StartAsync();
        return collector;
    }

    public bool Has(string signal, string text) =>
        Bodies.Items.Any(item => item.Signal == signal && item.Body.Contains(text, StringComparison.Ordinal));

    public bool HasSpan(string traceId, string name)
    {
        var id = Encoding.Latin1.GetString(Convert.FromHexString(traceId));
        var key = $"*{(char)name.Length}{name}";
        return Bodies.Items.Where(item => item.Signal == "traces").Any(item => item.Body.Split(id).Skip(1).Any(rest =>
            rest.IndexOf(key, StringComparison.Ordinal) is >= 0 and < LongestGap));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
