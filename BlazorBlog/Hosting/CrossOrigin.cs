namespace BlazorBlog.Hosting;

public static class CrossOrigin
{
    /// <summary>
    /// Whether a browser sent this request from a page of another origin. Browsers say so by Sec-Fetch-Site (Fetch Metadata), older ones
    /// by Origin; a request with neither was not sent by a browser, so it cannot carry a user's cookies without their intent. A proxy may send
    /// a Host of its own, so the origin of the public address is right as well.
    /// </summary>
    public static bool IsCrossOrigin(this HttpRequest request, SiteSettings site)
    {
        var relation = request.Headers["Sec-Fetch-Site"].ToString();
        if (relation.Length > 0)
        {
            return relation is not ("same-origin" or "none");
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && (site.IsOwnOrigin(from) || from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)));
    }
}
