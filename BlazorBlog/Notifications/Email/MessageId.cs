using System.Buffers;

namespace BlazorBlog.Notifications.Email;

/// <summary>Syntax of a Message-ID without its angle brackets (RFC 5322, 3.6.4, without the obsolete forms).</summary>
public static class MessageId
{
    /// <summary>Far below the 998 octets a header line may have: an identifier cannot be folded.</summary>
    public const int MaxLength = 250;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.@[]:");

    /// <summary>What stands behind the @ of our own, and in other identifiers of mail headers: the site's host in ASCII, punycode if need be.</summary>
    public static string DomainOf(Uri site) => site.HostNameType == UriHostNameType.Dns ? site.IdnHost : site.Host;

    public static bool IsValid(string id)
    {
        var at = id.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < id.Length - 1 && at == id.LastIndexOf('@') && id.Length <= MaxLength && !id.AsSpan().ContainsAnyExcept(Allowed);
    }
}
