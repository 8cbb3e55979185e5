namespace BlazorBlog.Hosting;

public static class SecurityHeaders
{
    /// <summary>
    /// Scripts and styles come from the blog itself and nowhere else, none of them inline. Authors may show pictures from other sites.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private const string PolicyHeader = "Content-Security-Policy";

    private static readonly (string Name, string Value)[] Headers =
    [
        (PolicyHeader, ContentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"),
    ];

    /// <summary>Every answer carries them; an endpoint may set its own instead.</summary>
    /// <param name="app">The program.</param>
    /// <param name="withInlineStyles">
    /// Pages made of MudBlazor, whose theme writes a style element and whose components write style attributes; it takes no nonce.
    /// </param>
    public static void UseSecurityHeaders(this WebApplication app, params string[] withInlineStyles) => app.Use((context, next) =>
    {
        if (Array.Exists(withInlineStyles, path => context.Request.Path.Equals(path, StringComparison.OrdinalIgnoreCase)))
        {
            context.Response.Headers[PolicyHeader] = ContentSecurityPolicy.Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal);
        }

        Add(context.Response);

        // The exception handler empties the headers of the answer that failed.
        context.Response.OnStarting(static response => Add((HttpResponse)response), context.Response);
        return next(context);
    });

    private static Task Add(HttpResponse response)
    {
        foreach (var (name, value) in Headers)
        {
            response.Headers.TryAdd(name, value);
        }

        return Task.CompletedTask;
    }
}
