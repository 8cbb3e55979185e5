using System.Globalization;

namespace BlazorBlog.Hosting;

/// <summary>What the answers to forms have in common.</summary>
internal static class ResponseFormat
{
    /// <summary>Whether a script asks, and not a browser that shows the answer.</summary>
    public static bool WantsJson(this HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a script needs no comment's markup, for its live thread brings it (RFC 7240, 4.2).</summary>
    public static bool PrefersMinimal(this HttpRequest request) =>
        request.Headers["Prefer"].ToString().Contains("return=minimal", StringComparison.OrdinalIgnoreCase);

    /// <summary>Says when to come back (RFC 9110, 10.2.3).</summary>
    /// <returns>The same in whole seconds.</returns>
    public static int SetRetryAfter(this HttpResponse response, TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds;
    }
}
