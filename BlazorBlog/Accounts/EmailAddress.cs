using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace BlazorBlog.Accounts;

/// <summary>
/// An address that is safe to put on a command line or into a header: one <c>local@domain</c> without display name, comment, quotes,
/// white space or control character (a strict part of RFC 5321, 4.1.2 and RFC 6531, 3.3).
/// </summary>
public sealed record EmailAddress
{
    /// <summary>Longest address a path may carry (RFC 5321, 4.5.3.1.3, without the angle brackets).</summary>
    public const int MaxLength = 254;

    private const int MaxLocalOctets = 64;
    private const int MaxDomainOctets = 253;
    private const string AtomSymbols = "!#$%&'*+-/=?^_`{|}~";

    // Records of the same mail domain written in two scripts must be equal, so only the ASCII form is kept.
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private EmailAddress(string local, string domain) => (Local, Domain) = (local, domain);

    /// <summary>What stands before the at sign, as written: only the receiving server may fold its case.</summary>
    public string Local { get; }

    /// <summary>Lower-case ASCII; names in other scripts in their punycode form. An address literal such as <c>[127.0.0.1]</c> is allowed.</summary>
    public string Domain { get; }

    /// <summary>The local part is not ASCII: only servers with SMTPUTF8 can take it (RFC 6531).</summary>
    public bool NeedsSmtpUtf8 => !Ascii.IsValid(Local);

    /// <summary>The domain can be a public one. Forms ask for this; a relay in the same house may serve <c>root@mail</c>.</summary>
    public bool HasPublicDomain => Domain.Contains('.', StringComparison.Ordinal) && Domain[0] != '[';

    public override string ToString() => $"{Local}@{Domain}";

    /// <summary>Accepts exactly one address, white space around it ignored; unlike <see cref="System.Net.Mail.MailAddress"/> nothing is cut away.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EmailAddress? address)
    {
        address = null;
        text = text?.Trim();
        var at = text?.LastIndexOf('@') ?? -1;
        if (at < 1 || !IsLocal(text.AsSpan(0, at)) || !TryDomain(text![(at + 1)..], out var domain))
        {
            return false;
        }

        address = new EmailAddress(text[..at], domain);
        return true;
    }

    /// <summary>Whether a form may take it: one mailbox in a public domain.</summary>
    public static bool IsPublic(string text) => TryParse(text, out var address) && address.HasPublicDomain && text.Trim().Length <= MaxLength;

    /// <summary>
    /// The spelling under which two addresses are the same person: lower case, the domain in ASCII. Mail systems that tell cases apart
    /// are allowed but not used in practice (RFC 5321, 2.4), and a wrong merge only omits one notice.
    /// </summary>
    public static string Normalize(string text) => (TryParse(text, out var address) ? address.ToString() : text.Trim()).ToLowerInvariant();

    private static bool IsLocal(ReadOnlySpan<char> local)
    {
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(local) > MaxLocalOctets)
        {
            return false;
        }

        foreach (var rune in local.EnumerateRunes())
        {
            if (!IsLocalRune(rune))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLocalRune(Rune rune) => rune.IsAscii
        ? Rune.IsLetterOrDigit(rune) || rune.Value == '.' || AtomSymbols.Contains((char)rune.Value, StringComparison.Ordinal)
        : rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static bool TryDomain(string text, out string domain)
    {
        domain = "";
        if (text.Length is 0 or > MaxDomainOctets)
        {
            return false;
        }

        if (text[0] == '[')
        {
            domain = text;
            return IsLiteral(text);
        }

        try
        {
            domain = Idn.GetAscii(text).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return false;
        }

        return domain.Length <= MaxDomainOctets && domain.Split('.').All(IsLabel);
    }

    private static bool IsLiteral(string text)
    {
        if (text[^1] != ']')
        {
            return false;
        }

        var inner = text[1..^1];
        const string v6 = "IPv6:";
        return inner.StartsWith(v6, StringComparison.OrdinalIgnoreCase)
            ? IPAddress.TryParse(inner[v6.Length..], out var six) && six.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && !inner.Contains('%', StringComparison.Ordinal)
            : inner.Count(c => c == '.') == 3 && IPAddress.TryParse(inner, out _);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
