using System.Net.Mail;

namespace BlazorBlog.Accounts;

public static class EmailAddress
{
    /// <summary>Longest address a path may carry (RFC 5321, 4.5.3.1.3, without the angle brackets).</summary>
    public const int MaxLength = 254;

    /// <summary>
    /// The spelling under which two addresses are the same person: trimmed and lower case. Mail systems that tell cases apart exist on
    /// paper only (RFC 5321, 2.4), and merging too much merely sends one notice less.
    /// </summary>
    public static string Normalize(string address) => address.Trim().ToLowerInvariant();

    /// <summary>Whether one mailbox with a dotted domain is written, and nothing else.</summary>
    public static bool IsValid(string address)
    {
        // MailAddress accepts "Name <a@b>", lists and bare hosts; an address field wants exactly one mailbox.
        var trimmed = address.Trim();
        return trimmed.Length <= MaxLength
            && MailAddress.TryCreate(trimmed, out var parsed)
            && parsed.Address == trimmed
            && parsed.Host.Contains('.', StringComparison.Ordinal)
            && !parsed.Host.StartsWith('.')
            && !parsed.Host.EndsWith('.')
            && !trimmed.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
    }
}
