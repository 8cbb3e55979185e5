using System.Text;
using MimeKit;
using MimeKit.Utils;

namespace BlazorBlog.Notifications.Email;

/// <summary>One header field, unfolded and decoded.</summary>
public sealed record EmlHeader(string Name, string Value);

/// <summary>
/// A mail parsed for display. Never fails on the content: a damaged or foreign file shows what can be
/// shown of it.
/// </summary>
/// <param name="Headers">In the order of the file.</param>
/// <param name="Text">The plain part; empty when there is none.</param>
/// <param name="Html">The HTML part; empty when there is none. Never trusted: show it in a sandbox only.</param>
public sealed record EmlFile(IReadOnlyList<EmlHeader> Headers, string Text, string Html)
{
    // As in MimeComposer, whichever is first: Korean mail of other programs is often in EUC-KR.
    static EmlFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public string From => this["From"] ?? "";

    public string To => this["To"] ?? "";

    public string Subject => this["Subject"] ?? "";

    public string MessageId => (this["Message-ID"] ?? "").Trim('<', '>', ' ');

    public DateTimeOffset? Date => DateUtils.TryParse(this["Date"] ?? "", out var date) ? date : null;

    /// <summary>The first field of this name, in any case; null when there is none.</summary>
    public string? this[string name] => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;

    public static EmlFile Parse(byte[] file)
    {
        try
        {
            using var stream = new MemoryStream(file);
            using var mail = MimeMessage.Load(stream);
            var headers = mail.Headers.Concat(mail.Body?.Headers ?? []).Select(header => new EmlHeader(header.Field, header.Value.Trim()));
            // Without a boundary, all of a multipart stands before its first part.
            var text = mail.TextBody ?? (mail.HtmlBody is null ? (mail.Body as Multipart)?.Preamble : null);
            return new EmlFile([.. headers], Content(text), Content(mail.HtmlBody));
        }
        catch (FormatException)
        {
            return new EmlFile([], Content(Encoding.UTF8.GetString(file)), "");
        }
    }

    private static string Content(string? part) => (part ?? "").ReplaceLineEndings("\n");
}
