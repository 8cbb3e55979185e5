using BlazorBlog.Components;
using BlazorBlog.Data.Providers;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Hosting;

/// <summary>
/// Answers what failed by a fault of ours: 503 while the database is away, full or read-only, else 500; JSON for whoever asks for it. Not by
/// running a page's route again: a POST would be refused there for want of an antiforgery token, as a form that is too old.
/// </summary>
public static class FaultAnswers
{
    /// <summary>The field of a form that is worth keeping.</summary>
    private const string Body = "Body";

    /// <summary>When to come back after an outage of the database.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    public static void UseFaultAnswers(this WebApplication app) => app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerAsync });

    private static async Task AnswerAsync(HttpContext context)
    {
        // The renderer of a page that failed half-way belongs to its scope, and would answer 500 whatever is rendered next.
        await using var scope = context.RequestServices.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        var fault = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var status = fault switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            not null when DatabaseErrors.IsOutage(fault) => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (status < StatusCodes.Status500InternalServerError)
        {
            context.Response.StatusCode = status;
            return;
        }

        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.SetRetryAfter(Pause);
        }

        if (context.Request.WantsJson())
        {
            string message = context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>()["The fault is ours, and it is in our log. Please try again in a moment."];
            await TypedResults.Json(new { errors = new Dictionary<string, string> { [""] = message } }, statusCode: status).ExecuteAsync(context);
            return;
        }

        await PageResult.Result(status, typeof(Error), new Dictionary<string, object> { [nameof(Error.Text)] = await ReadTextAsync(context.Request) }).ExecuteAsync(context);
    }

    /// <summary>It may have failed before anything of the form was read: a sign-in is looked up first.</summary>
    private static async Task<string> ReadTextAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? (await request.ReadFormAsync(request.HttpContext.RequestAborted))[Body].ToString() : "";
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException or IOException)
        {
            return "";
        }
    }
}
