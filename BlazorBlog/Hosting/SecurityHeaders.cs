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
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"),
    ];

    /// <summary>A year, for this host alone; sent where the public address is https.</summary>
    private static readonly (string Name, string Value) TransportSecurity = ("Strict-Transport-Security", "max-age=31536000");

    /// <summary>Every answer carries them; an endpoint may set its own instead.</summary>
    /// <param name="app">The program.</param>
    /// <param name="withInlineStyles">
    /// Pages made of MudBlazor, whose theme writes a style element and whose components write style attributes; it takes no nonce.
    /// </param>
    public static void UseSecurityHeaders(this WebApplication app, params string[] withInlineStyles)
    {
        var site = app.Services.GetRequiredService<SiteSettings>();
        // Whether or not the request came by TLS: it may end at a proxy that does not say so, and without it browsers ignore the header (RFC 6797, 8.1).
        // Not for a machine's own name, at which other programs listen too.
        (string Name, string Value)[] headers = site is { IsHttps: true, BaseUrl.IsLoopback: false } ? [.. Headers, TransportSecurity] : Headers;
        app.Use((context, next) =>
        {
            if (Array.Exists(withInlineStyles, path => context.Request.Path.Equals(path, StringComparison.OrdinalIgnoreCase)))
            {
                context.Response.Headers[PolicyHeader] = ContentSecurityPolicy.Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal);
            }

            Add(context.Response, headers);

            // The exception handler empties the headers of the answer that failed.
            context.Response.OnStarting(() =>
            {
                Add(context.Response, headers);
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    private static void Add(HttpResponse response, (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAdd(name, value);
        }
    }
}
