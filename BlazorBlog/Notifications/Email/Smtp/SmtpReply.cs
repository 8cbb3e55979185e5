using System.Globalization;
using System.Text.RegularExpressions;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>One answer of a server (RFC 5321, 4.2).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Text">The lines without their codes, joined by line feeds; nothing in it is trusted.</param>
public sealed partial record SmtpReply(int Code, string Text)
{
    private const int MaxWords = 300;

    /// <summary>A server may write without end, but searching that for addresses must cost us nothing.</summary>
    private const int MaxSearched = 2000;

    /// <summary>The enhanced code at the head of the text (RFC 2034), e.g. <c>5.1.1</c>; null when there is none.</summary>
    public string? Enhanced => EnhancedAtStart().Match(Text) is { Success: true } match ? match.Groups["code"].Value : null;

    /// <summary>As shown in the ledger: <c>550 5.1.1</c>, or <c>550</c> alone.</summary>
    public string FullCode => Enhanced is { } enhanced ? $"{Code} {enhanced}" : $"{Code}";

    /// <summary>The words for the ledger: one line, without codes and without anything that looks like an address.</summary>
    public string Words
    {
        get
        {
            var lines = Text.Split('\n').Select(line => EnhancedAtStart().Replace(line, "").Trim());
            var masked = Address().Replace(Beginning(HeaderText.Clean(string.Join(' ', lines))), "[address]");
            return masked.Length <= MaxWords ? masked : HeaderText.Clean(masked[..MaxWords]) + "…";
        }
    }

    /// <summary>The answer that made MailKit throw; null when it threw for another reason.</summary>
    public static SmtpReply? Of(Exception exception) => exception switch
    {
        SmtpCommandException refused => new SmtpReply((int)refused.StatusCode, refused.Message),
        ServiceNotAuthenticatedException => new SmtpReply((int)SmtpStatusCode.AuthenticationRequired, exception.Message),
        AuthenticationException when CodeAtStart().Match(exception.Message) is { Success: true } match =>
            new SmtpReply(int.Parse(match.Groups["code"].ValueSpan, CultureInfo.InvariantCulture), exception.Message[match.Length..]),
        // MailKit leaves out the code of this one answer to AUTH only.
        AuthenticationException => new SmtpReply((int)SmtpStatusCode.AuthenticationMechanismTooWeak, exception.Message),
        _ => null,
    };

    /// <summary>Whole words only: half an address would not be recognised as one.</summary>
    private static string Beginning(string text) =>
        text.Length <= MaxSearched ? text : text[..Math.Max(0, text.LastIndexOf(' ', MaxSearched))];

    [GeneratedRegex(@"^(?<code>[245]\.\d{1,3}\.\d{1,3})(?=\s|$)")]
    private static partial Regex EnhancedAtStart();

    [GeneratedRegex(@"^(?<code>\d{3}): ")]
    private static partial Regex CodeAtStart();

    [GeneratedRegex("""[^\s<>()\[\]:;,"']+(?:@|%40)[^\s<>()\[\]:;,"']*""", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
