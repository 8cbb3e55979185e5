using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Campaign;

/// <summary>A provider of SMS in the manner of Twilio that is slow, refuses for now, and loses requests before and answers after it took a message.</summary>
internal sealed partial class FaultySmsServer : IAsyncDisposable
{
    public const string AccountSid = "AC00000000000000000000000000000001";

    private readonly WebApplication _app;
    private readonly Random _random;
    private readonly ConcurrentQueue<Message> _messages = new();

    private FaultySmsServer(Random random)
    {
        _random = random;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/2010-04-01/Accounts/{account}/Messages.json", (Delegate)CreateAsync);
        _app.MapGet("/2010-04-01/Accounts/{account}/Messages.json", List);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Switched off, it is a good provider.</summary>
    public bool IsFaulty { get; set; } = true;

    public IEnumerable<HandedOver> Taken => _messages.Select(message => new HandedOver(message.To, Link().Match(message.Body).Value, Id: null, message.At, IsTold: true));

    public static async Task<FaultySmsServer> StartAsync(Random random)
    {
        var server = new FaultySmsServer(random);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> CreateAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var fault = Draw();
        switch (fault)
        {
            case < 5:
                context.Abort();
                return Results.Empty;
            case < 12:
                return Results.Json(new { code = 20503, message = "unavailable", status = 503 }, statusCode: 503);
            case < 17:
                context.Response.Headers.RetryAfter = "2";
                return Results.Json(new { code = 20429, message = "too many", status = 429 }, statusCode: 429);
            case < 30:
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, context.RequestAborted);
                break;
            default:
                break;
        }

        var message = new Message($"SM{Guid.NewGuid():N}", form["To"].ToString(), form["Body"].ToString(), TimeProvider.System.GetUtcNow());
        _messages.Enqueue(message);
        if (fault is >= 30 and < 40)
        {
            context.Abort();
            return Results.Empty;
        }

        return Results.Json(Resource(message), statusCode: 201);
    }

    private IResult List(HttpRequest request)
    {
        var to = request.Query["To"].ToString();
        return Draw() < 10
            ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : Results.Json(new { messages = _messages.Reverse().Where(message => message.To == to).Take(500).Select(Resource), page = 0, page_size = 500, uri = request.Path.Value });
    }

    /// <returns>From 0 to 99; 99 while the provider is good.</returns>
    private int Draw()
    {
        lock (_random)
        {
            return IsFaulty ? _random.Next(100) : 99;
        }
    }

    private static object Resource(Message message) => new
    {
        sid = message.Sid,
        to = message.To,
        body = message.Body,
        status = "queued",
        direction = "outbound-api",
        date_created = message.At.ToString("R"),
    };

    [GeneratedRegex("/c/[^ ]+$")]
    private static partial Regex Link();

    private sealed record Message(string Sid, string To, string Body, DateTimeOffset At);
}
