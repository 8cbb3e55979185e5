using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace BlazorBlog.Notifications.Sms;

/// <summary>Proves that a webhook call comes from Twilio (https://www.twilio.com/docs/usage/security#validating-requests).</summary>
public static class TwilioSignature
{
    public const string Header = "X-Twilio-Signature";

    /// <summary>Whether the signature was made for this call with this account's token. The comparison takes the same time for every wrong one.</summary>
    /// <param name="authToken">Of the account; never the secret of an API key.</param>
    /// <param name="signature">The header's value.</param>
    /// <param name="url">As Twilio called it, from our configuration: behind a proxy the request's own host is the inner one.</param>
    /// <param name="form">The decoded fields, all of them; empty unless the body is a form.</param>
    /// <param name="body">The raw body; its hash is checked when the address carries one (<c>bodySHA256</c>).</param>
    public static bool IsValid(string authToken, string? signature, string url, IEnumerable<KeyValuePair<string, StringValues>> form, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(signature))
        {
            return false;
        }

        var fields = Fields(form);
        // Twilio's own libraries accept both spellings of an address with its default port.
        var matches = Matches(authToken, signature, WithPort(url) + fields) | Matches(authToken, signature, WithoutPort(url) + fields);
        return matches && HasHash(url, body);
    }

    // Byte order, not the culture's; a repeated key is written before each of its different values.
    private static string Fields(IEnumerable<KeyValuePair<string, StringValues>> form) => string.Concat(
        form.OrderBy(field => field.Key, StringComparer.Ordinal)
            .SelectMany(field => field.Value.Distinct().Order(StringComparer.Ordinal).Select(value => field.Key + value)));

    private static bool Matches(string authToken, string signature, string signed)
    {
        // SHA-1 is the provider's choice; as an HMAC it is not weakened by collisions.
#pragma warning disable CA5350
        var expected = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature));
    }

    private static bool HasHash(string url, ReadOnlySpan<byte> body)
    {
        var query = url.IndexOf('?', StringComparison.Ordinal);
        return query < 0
            || !QueryHelpers.ParseQuery(url[query..]).TryGetValue("bodySHA256", out var hash)
            || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body))), Encoding.UTF8.GetBytes(hash.ToString()));
    }

    private static string WithPort(string url)
    {
        var (scheme, authority, tail) = Split(url);
        return HasPort(authority) ? url : $"{scheme}{authority}:{(scheme == "https://" ? 443 : 80)}{tail}";
    }

    private static string WithoutPort(string url)
    {
        var (scheme, authority, tail) = Split(url);
        var port = scheme == "https://" ? ":443" : ":80";
        return authority.EndsWith(port, StringComparison.Ordinal) ? scheme + authority[..^port.Length] + tail : url;
    }

    // Text, not Uri: the signature covers the host in the case in which it was written.
    private static (string Scheme, string Authority, string Tail) Split(string url)
    {
        var authority = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var tail = url.AsSpan(authority).IndexOfAny('/', '?') is >= 0 and var found ? authority + found : url.Length;
        return (url[..authority], url[authority..tail], url[tail..]);
    }

    // The last colon of an IPv6 host stands inside its brackets.
    private static bool HasPort(string authority) => authority.LastIndexOf(':') > authority.LastIndexOf(']');
}
