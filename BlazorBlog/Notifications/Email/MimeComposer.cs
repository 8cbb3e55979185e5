using System.Security.Cryptography;
using System.Text;
using BlazorBlog.Accounts;
using MimeKit;

namespace BlazorBlog.Notifications.Email;

/// <summary>
/// Makes a MIME message: multipart/alternative, plain text first, HTML last, so that readers show the richest they can (RFC 2046, 5.1.4).
/// The same message always makes the same octets.
/// </summary>
public static class MimeComposer
{
    /// <summary>A line may have 998 octets (RFC 5322, 2.1.1), and an address in a header cannot be folded.</summary>
    private const int LongestLink = 900;

    /// <summary>MimeKit does not fold a name that needs quotes, and no reader shows more of one.</summary>
    private const int LongestName = 200;

    // MimeKit looks once, at its first use, which encodings there are; reading mails of others needs more than .NET has without this provider.
    static MimeComposer() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static MimeMessage Compose(EmailMessage message, EmailEnvelope envelope)
    {
        var mime = new MimeMessage { Subject = Clean(message.Subject), Date = message.Date, Body = Body(message) };
        mime.From.Add(Mailbox(message.From.Name, envelope.From));
        mime.To.Add(Mailbox(message.To.Name, envelope.To));
        foreach (var (name, value) in Headers(message))
        {
            mime.Headers[name] = value;
        }

        if (message.ListId is { } id && IsListId(id))
        {
            // MimeKit knows the form of List-Id only as that of an address: a phrase and a dotted name in angle brackets (RFC 2919, 3).
            var list = Header.Unfold(new MailboxAddress(Encoding.UTF8, Name(message.ListName), id).ToString(FormatOptions.Default, encode: true));
            mime.Headers[HeaderId.ListId] = list.EndsWith('>') ? list : $"<{list}>";
        }

        return mime;
    }

    /// <summary>The octets of <paramref name="mime"/>. All are ASCII unless a local part is not.</summary>
    public static byte[] ToOctets(this MimeMessage mime, EmailEnvelope envelope)
    {
        using var octets = new MemoryStream();
        mime.WriteTo(Format(envelope), octets);
        return octets.ToArray();
    }

    /// <summary>How a mail between these two is written.</summary>
    public static FormatOptions Format(EmailEnvelope envelope)
    {
        var format = FormatOptions.Default.Clone();
        (format.NewLineFormat, format.International) = (NewLineFormat.Dos, envelope.NeedsSmtpUtf8);
        return format;
    }

    private static IEnumerable<(string Name, string Value)> Headers(EmailMessage message)
    {
        yield return ("Message-ID", $"<{message.MessageId}>");
        var references = message.References.Where(MessageId.IsValid).ToList();
        if (references.Count > 0)
        {
            yield return ("In-Reply-To", $"<{references[^1]}>");
            yield return ("References", string.Join(' ', references.Select(id => $"<{id}>")));
        }

        if (message.Unsubscribe is { } unsubscribe && Link(unsubscribe) is { } link)
        {
            yield return ("List-Unsubscribe", $"<{link}>");
            if (unsubscribe.Scheme == Uri.UriSchemeHttps)
            {
                yield return ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
            }
        }

        if (message.FeedbackId is { } feedback)
        {
            yield return ("Feedback-ID", Clean(feedback));
        }

        yield return ("Auto-Submitted", "auto-generated");
        yield return ("X-Auto-Response-Suppress", "All");
    }

    private static MultipartAlternative Body(EmailMessage message) => new(Part("plain", message.Text), Part("html", message.Html))
    {
        Boundary = $"=_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message.MessageId)).AsSpan(0, 12))}",
    };

    private static TextPart Part(string subtype, string content)
    {
        var part = new TextPart(subtype);
        part.SetText(Encoding.UTF8, content.ReplaceLineEndings("\r\n"));
        // Never as it stands: both of these write "=" only as part of a code, so no text can contain the boundary and end its own part.
        part.ContentTransferEncoding = part.GetBestEncoding(EncodingConstraint.SevenBit) == ContentEncoding.Base64 ? ContentEncoding.Base64 : ContentEncoding.QuotedPrintable;
        return part;
    }

    private static MailboxAddress Mailbox(string? name, EmailAddress address) => new(Encoding.UTF8, Name(name), address.ToString());

    private static string Name(string? name) => Clean(name is { Length: > LongestName } ? name[..LongestName] : name ?? "");

    /// <summary>MimeKit leaves what looks like an encoded word as it stands, and readers would decode it to something else (RFC 2047, 5).</summary>
    private static string Clean(string text) => HeaderText.Clean(text).Replace("=?", "= ?", StringComparison.Ordinal);

    private static bool IsListId(string id) =>
        id.Length <= MessageId.MaxLength && id.Split('.').All(label => label.Length > 0 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    /// <summary>Null when it would not fit into one line.</summary>
    private static string? Link(Uri uri)
    {
        var text = new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;
        return text.Length > LongestLink || text.AsSpan().ContainsAnyExceptInRange('!', '~') ? null : text;
    }
}
