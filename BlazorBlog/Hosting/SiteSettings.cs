using System.Globalization;
using System.Net;

namespace BlazorBlog.Hosting;

public sealed class SiteSettings : ISettings
{
    public string Title { get; set; } = "BlazorBlog";

    /// <summary>Public address of the blog; links in mail and SMS start with it.</summary>
    public Uri BaseUrl { get; set; } = new("http://localhost:5080");

    /// <summary>Language of the pages, and of notices to people who chose none: <c>en</c> or <c>ko</c>.</summary>
    public SiteCulture Culture { get; set; } = SiteCulture.En;

    /// <summary>IANA zone in which times are shown to people who chose none.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>
    /// Addresses and networks (<c>10.0.0.0/8</c>) of the proxies in front of the blog, whose X-Forwarded-For and X-Forwarded-Proto are believed; one
    /// on the same machine always is. Anyone else could write any address there, and so have no rate limit.
    /// </summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>The public address is https: here, or at a proxy.</summary>
    internal bool IsHttps => BaseUrl.Scheme == Uri.UriSchemeHttps;

    /// <summary>Whether a page of this origin, as a browser writes it in the header, is one of the blog's own.</summary>
    internal bool IsOwnOrigin(Uri origin) =>
        origin.Scheme == BaseUrl.Scheme && origin.Port == BaseUrl.Port && origin.IdnHost.Equals(BaseUrl.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>An absolute address below <see cref="BaseUrl"/>.</summary>
    public Uri Link(string path) => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/{path.TrimStart('/')}");

    public IEnumerable<string> Validate(string section)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            yield return $"{section}:TimeZone: '{TimeZone}' is not a time zone known here. Use an IANA name such as Asia/Seoul.";
        }

        if (BaseUrl.PathAndQuery + BaseUrl.Fragment != "/" || BaseUrl.UserInfo.Length > 0)
        {
            yield return $"{section}:BaseUrl: '{BaseUrl.OriginalString}' is more than scheme, host and port. The blog answers at the root of its host: use {BaseUrl.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}.";
        }

        foreach (var proxy in TrustedProxies.Where(proxy => !IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _)))
        {
            yield return $"{section}:TrustedProxies: '{proxy}' is neither an address nor a network such as 10.0.0.0/8.";
        }
    }
}

/// <summary>Languages of the blog; the names are their ISO 639-1 codes.</summary>
public enum SiteCulture
{
    En,
    Ko,
}

public static class SiteCultures
{
    public static CultureInfo ToCultureInfo(this SiteCulture culture) => CultureInfo.GetCultureInfo(culture == SiteCulture.Ko ? "ko" : "en");
}
