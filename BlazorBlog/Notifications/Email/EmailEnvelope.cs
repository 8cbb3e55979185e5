using System.Diagnostics.CodeAnalysis;
using BlazorBlog.Accounts;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

/// <summary>The parsed sender and recipient of a message: what every transport needs to be right before anything else is done.</summary>
public sealed record EmailEnvelope(EmailAddress From, EmailAddress To)
{
    public bool NeedsSmtpUtf8 => From.NeedsSmtpUtf8 || To.NeedsSmtpUtf8;

    /// <summary>False with the refusal to report when an address or the Message-ID is not one.</summary>
    public static bool TryCreate(EmailMessage message, [NotNullWhen(true)] out EmailEnvelope? envelope, [NotNullWhen(false)] out SendResult? refusal)
    {
        (envelope, refusal) = (null, null);
        if (!EmailAddress.TryParse(message.From.Address, out var from))
        {
            refusal = SendResult.ChannelDown(ChannelFault.Configuration, "sender", "The sender is not an email address.");
        }
        else if (!EmailAddress.TryParse(message.To.Address, out var to))
        {
            refusal = SendResult.Permanent("recipient", "The recipient is not an email address.") with { IsOurFault = true };
        }
        else if (!Email.MessageId.IsValid(message.MessageId))
        {
            refusal = SendResult.Permanent("message-id", "The Message-ID is not one.") with { IsOurFault = true };
        }
        else
        {
            envelope = new EmailEnvelope(from, to);
        }

        return envelope is not null;
    }
}
