using Microsoft.AspNetCore.Diagnostics;

namespace BlazorBlog.Hosting;

public static class HttpPipelineExtensions
{
    /// <summary>Pages answer HEAD as they answer GET, without the body (RFC 9110, 9.3.2): monitors and link checkers ask that way.</summary>
    public static void UseHeadAsGet(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

        var body = context.Response.Body;
        context.Request.Method = HttpMethods.Get;
        context.Response.Body = Stream.Null;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
            context.Response.Body = body;
        }
    });

    /// <summary>
    /// Refuses what the framework would fail at: a scheme and host that make no address, such as <c>Host: '</c> or a garbled
    /// X-Forwarded-Proto, since pages are made of absolute addresses, and a form in UTF-7, which .NET does not read.
    /// </summary>
    public static void UseRequestChecks(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (request.Scheme is not ("http" or "https") || (request.Host.HasValue && !Uri.TryCreate($"{request.Scheme}://{request.Host.Value}/", UriKind.Absolute, out _)))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        if (request.ContentType?.Contains("utf-7", StringComparison.OrdinalIgnoreCase) == true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        return next(context);
    });

    /// <summary>Answers 404 to unknown addresses: without an endpoint, the fallback policy would redirect to the sign-in page.</summary>
    public static void MapNotFoundFallback(this WebApplication app) =>
        app.MapFallback("{**path}", () => TypedResults.NotFound()).AllowAnonymous();

    /// <summary>
    /// Gives an empty 404 of a GET a page. A POST keeps its own status: executed again as a page it would be refused for
    /// want of an antiforgery token, and a provider's webhook would read 400 for everything.
    /// </summary>
    public static void UseNotFoundPage(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use((context, next) =>
        {
            if (!HttpMethods.IsGet(context.Request.Method) && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            {
                pages.Enabled = false;
            }

            return next(context);
        });
    }
}
