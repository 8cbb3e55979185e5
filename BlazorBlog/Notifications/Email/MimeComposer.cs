using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BlazorBlog.Notifications.Email;

/// <summary>
/// Turns a message into the octets of a mail: multipart/alternative, plain text first, HTML last, so that readers show the richest they
/// can (RFC 2046, 5.1.4). The same message always makes the same octets, so a repeated mail is a true repetition.
/// </summary>
public static class MimeComposer
{
    /// <summary>Lines end in CRLF and have at most 76 octets, except a header line with one long word of ours. All octets are ASCII unless a local part is not.</summary>
    /// <exception cref="FormatException">An address or the Message-ID is none; see <see cref="EmailEnvelope.TryCreate"/>.</exception>
    public static ReadOnlyMemory<byte> Compose(EmailMessage message) => EmailEnvelope.TryCreate(message, out var envelope, out var refusal)
        ? Compose(message, envelope)
        : throw new FormatException(refusal.Text);

    public static ReadOnlyMemory<byte> Compose(EmailMessage message, EmailEnvelope envelope)
    {
        var output = new ArrayBufferWriter<byte>(2048 + (2 * (message.Text.Length + message.Html.Length)));
        var boundary = Boundary(message.MessageId);
        WriteHeaders(message, envelope, boundary, output);
        WritePart("text/plain", message.Text, boundary, output);
        WritePart("text/html", message.Html, boundary, output);
        output.Write(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"));
        return output.WrittenMemory;
    }

    private static void WriteHeaders(EmailMessage message, EmailEnvelope envelope, string boundary, ArrayBufferWriter<byte> output)
    {
        var headers = new MimeHeaders(output);
        headers.Mailbox("From", message.From.Name, envelope.From);
        headers.Mailbox("To", message.To.Name, envelope.To);
        headers.Text("Subject", message.Subject);
        headers.Fixed("Date", Date(message.Date));
        headers.MessageIds("Message-ID", [message.MessageId]);
        headers.MessageIds("In-Reply-To", message.References.TakeLast(1));
        headers.MessageIds("References", message.References);
        if (message.ListId is not null)
        {
            headers.List("List-Id", message.ListName, message.ListId);
        }

        if (message.Unsubscribe is not null && headers.Link("List-Unsubscribe", message.Unsubscribe) && message.Unsubscribe.Scheme == Uri.UriSchemeHttps)
        {
            headers.Fixed("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        if (message.FeedbackId is not null)
        {
            headers.Text("Feedback-ID", message.FeedbackId);
        }

        headers.Fixed("Auto-Submitted", "auto-generated");
        headers.Fixed("X-Auto-Response-Suppress", "All");
        headers.Fixed("MIME-Version", "1.0");
        headers.Fixed("Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        headers.Close();
    }

    /// <summary>With the weekday and a numeric zone (RFC 5322, 3.3).</summary>
    private static string Date(DateTimeOffset date) =>
        date.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + date.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);

    /// <summary>Neither of the two transfer encodings can produce <c>=_</c>, so no part can contain its own end.</summary>
    private static string Boundary(string messageId) =>
        $"=_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)).AsSpan(0, 12))}";

    private static void WritePart(string type, string content, string boundary, ArrayBufferWriter<byte> output)
    {
        var text = content.ReplaceLineEndings("\r\n");
        var bytes = Encoding.UTF8.GetBytes(text);
        // Quoted-printable stays readable in the raw mail, but takes three octets for each that is not ASCII; base64 takes four for three.
        var readable = (bytes.Length - text.Length) * 6 <= bytes.Length;
        output.Write(Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Type: {type}; charset=utf-8\r\nContent-Transfer-Encoding: {(readable ? "quoted-printable" : "base64")}\r\n\r\n"));
        if (readable)
        {
            TransferEncoding.WriteQuotedPrintable(bytes, output);
        }
        else
        {
            TransferEncoding.WriteBase64(bytes, output);
        }
    }
}
