namespace BlazorBlog.Hosting;

public static class CrossOrigin
{
    /// <summary>
    /// Whether a browser sent this request from a page of another origin. Browsers say so by Sec-Fetch-Site (Fetch Metadata), older ones
    /// by Origin; a request with neither was not sent by a browser, so it cannot carry a user's cookies without their intent.
    /// </summary>
    public static bool IsCrossOrigin(this HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is not ("same-origin" or "none");
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
