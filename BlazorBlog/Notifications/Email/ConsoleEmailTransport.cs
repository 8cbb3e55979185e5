using BlazorBlog.Accounts;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

/// <summary>Writes the readable part of each mail to a console.</summary>
/// <param name="output">Safe for concurrent use, as <see cref="Console.Out"/> is.</param>
public sealed class ConsoleEmailTransport(TextWriter output) : IEmailTransport
{
    public async Task<SendResult> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        if (!EmailEnvelope.TryCreate(message, out var envelope, out var refusal))
        {
            return refusal;
        }

        cancellationToken.ThrowIfCancellationRequested();
        // One write, so that mails of several callers do not mix.
        await output.WriteAsync(Describe(message, envelope));
        return SendResult.Accepted(message.MessageId);
    }

    private static string Describe(EmailMessage message, EmailEnvelope envelope)
    {
        // Escape sequences of a foreign text would take over the terminal.
        var text = string.Concat(message.Text.Select(c => char.IsControl(c) && c is not '\n' and not '\t' ? ' ' : c));
        return $"""
            ----- {HeaderText.Clean(message.Subject)}
            From: {Describe(message.From, envelope.From)}
            To: {Describe(message.To, envelope.To)}

            {text}
            -----

            """;
    }

    private static string Describe(Mailbox mailbox, EmailAddress address) =>
        string.IsNullOrWhiteSpace(mailbox.Name) ? address.ToString() : $"{HeaderText.Clean(mailbox.Name)} <{address}>";
}
