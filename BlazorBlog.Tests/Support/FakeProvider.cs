using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Support;

/// <summary>
/// An SMS provider on a free port of this machine. It checks each request as the provider would, then answers as the test says: first what
/// was queued with <see cref="AnswerNext"/>, else <see cref="Answer"/>.
/// </summary>
public abstract class FakeProvider : IAsyncDisposable
{
    private readonly ConcurrentQueue<FakeAnswer> _answers = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _app;

    protected FakeProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
    }

    public Uri BaseUrl => new(_app.Urls.First());

    public FakeAnswer Answer { get; set; } = FakeAnswer.Accept;

    /// <summary>Answers to questions (lists) with this status instead, when set.</summary>
    public int? FailQuestions { get; set; }

    /// <summary>Why requests were refused as malformed, unauthorized or repeated; empty when the program under test is well-behaved.</summary>
    public Recorded<string> Complaints { get; } = new();

    /// <summary>Requests to send, well-formed or not, before they are answered.</summary>
    public Recorded<string> Requests { get; } = new();

    protected IEndpointRouteBuilder Routes => _app;

    public void AnswerNext(params FakeAnswer[] answers) => Array.ForEach(answers, _answers.Enqueue);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Task ListenAsync() => _app.StartAsync();

    protected FakeAnswer NextAnswer() => _answers.TryDequeue(out var answer) ? answer : Answer;

    protected IResult Complain(string complaint, IResult answer)
    {
        Complaints.Add(complaint);
        return answer;
    }

    /// <summary>Carries out what an answer says beside taking the messages; null when the provider's ordinary success is to be written.</summary>
    protected async Task<IResult?> FinishAsync(HttpContext context, FakeAnswer answer, Func<FakeAnswer, object> errorBody)
    {
        if (answer.Hangs)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
            await Task.Delay(Timeout.Infinite, over.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        if (answer.BreaksOff)
        {
            (context.Response.StatusCode, context.Response.ContentLength) = (201, 1000);
            await context.Response.WriteAsync("{\"sid\":");
            await context.Response.Body.FlushAsync();
        }

        if (answer.Hangs || answer.Drops || answer.BreaksOff)
        {
            context.Abort();
            return Results.Empty;
        }

        if (answer.Status == 0)
        {
            return null;
        }

        if (answer.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = wait;
        }

        if (answer.Body is { } body)
        {
            return Results.Content(body, "application/json", statusCode: answer.Status);
        }

        return answer.Code is null
            ? Results.Content("<html>error</html>", "text/html", statusCode: answer.Status)
            : Results.Json(errorBody(answer), statusCode: answer.Status);
    }
}
