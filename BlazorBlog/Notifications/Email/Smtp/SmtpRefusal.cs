using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>
/// What a refusing reply means for the notice. Classes of RFC 5321 and RFC 3463, the enhanced code preferred; the special cases are
/// those of Google's "SMTP error reference".
/// </summary>
public static class SmtpRefusal
{
    /// <summary>
    /// The codes of IANA's registry of enhanced codes that say that the address itself receives no mail: no such mailbox (5.1.1), no such system
    /// (5.1.2), no address at all (5.1.3), moved without a new address (5.1.6), a domain that takes no mail (5.1.10, RFC 7505). Left out are those
    /// that a mailbox in use may answer as well: 5.1.0 (anything), 5.1.4 (ambiguous), 5.2.1 (disabled, at Gmail also "too much at once"),
    /// 5.2.2 (full), 5.4.x (routing), 5.7.x (policy, blocklists).
    /// </summary>
    private static readonly HashSet<string> AddressCannotReceive = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"];

    public static SendResult Of(SmtpStage stage, SmtpReply reply) =>
        ChannelFaultOf(stage, reply) is { } fault ? SendResult.ChannelDown(fault, reply.FullCode, reply.Words)
        : stage == SmtpStage.Content && reply.Code is < 400 ? SendResult.Unknown(reply.FullCode, reply.Words)
        : IsPermanent(reply) ? SendResult.Permanent(reply.FullCode, reply.Words, SuppressionOf(stage, reply))
        : SendResult.Transient(reply.FullCode, reply.Words);

    /// <summary>Not null when the notice is not to blame: the next one would be refused as well.</summary>
    private static ChannelFault? ChannelFaultOf(SmtpStage stage, SmtpReply reply) => (reply.Code, reply.Enhanced) switch
    {
        // 421 closes the connection and may answer any command.
        (421, _) => ChannelFault.Connection,
        (530 or 534 or 535, _) => ChannelFault.Authentication,
        (550, "5.4.5") => ChannelFault.Quota,
        // Mail of our domain is not signed: only its owner can help.
        (550, "5.7.26") => ChannelFault.Configuration,
        // 5.1.7 and 5.1.8 speak of the sender's address, even where they answer RCPT.
        (_, "5.1.7" or "5.1.8") => ChannelFault.Configuration,
        _ => stage switch
        {
            // 554 in place of the greeting means that the server takes no mail now (RFC 5321, 3.1).
            SmtpStage.Connect => reply.Code is >= 500 and not 554 ? ChannelFault.Configuration : ChannelFault.Connection,
            SmtpStage.Auth => ChannelFault.Authentication,
            // Every notice has the same sender. Size is the exception: it is declared here and belongs to the one mail.
            SmtpStage.Sender when IsPermanent(reply) && reply is not ({ Code: 552 } or { Enhanced: "5.3.4" }) => ChannelFault.Configuration,
            _ => null,
        },
    };

    private static bool IsPermanent(SmtpReply reply) => (reply.Enhanced?[0] ?? (char)('0' + (reply.Code / 100))) == '5';

    /// <summary>
    /// Without an enhanced code the reply ends this mail alone: servers answer a bare 550 for greylisting and blocklists too. With one recipient a
    /// mail, a server may as well refuse the address after the text.
    /// </summary>
    private static SuppressionReason? SuppressionOf(SmtpStage stage, SmtpReply reply) =>
        stage is SmtpStage.Recipient or SmtpStage.Content && reply is { Code: >= 500, Enhanced: { } enhanced } && AddressCannotReceive.Contains(enhanced)
            ? SuppressionReason.Undeliverable
            : null;
}
