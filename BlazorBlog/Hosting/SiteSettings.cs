using System.Globalization;

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

    /// <summary>Behind a proxy with TLS, and nowhere else, the public address is https.</summary>
    internal CookieSecurePolicy CookieSecurity => BaseUrl.Scheme == Uri.UriSchemeHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    /// <summary>An absolute address below <see cref="BaseUrl"/>.</summary>
    public Uri Link(string path) => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/{path.TrimStart('/')}");

    public IEnumerable<string> Validate(string section)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            yield return $"{section}:TimeZone: '{TimeZone}' is not a time zone known here. Use an IANA name such as Asia/Seoul.";
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
