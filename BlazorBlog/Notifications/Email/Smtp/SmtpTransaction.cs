using System.Globalization;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>
/// One mail on its way over a connection, and how far it came: that decides what a lost connection means. Commands that may go
/// together leave in one write. <paramref name="used"/>: an earlier mail went over this connection, so its end may be older than this
/// mail. <paramref name="reset"/>: that mail was refused, so RSET comes first.
/// </summary>
public sealed class SmtpTransaction(SmtpWire wire, SmtpCapabilities capabilities, EmailEnvelope envelope, ReadOnlyMemory<byte> content, bool used, bool reset)
{
    /// <summary>The last stage that the server answered, or that we are in from <see cref="SmtpStage.Content"/> on.</summary>
    private SmtpStage? _stage;

    private SendResult? _refusal;

    /// <summary>False: another mail must not go over this connection.</summary>
    public bool InStep { get; private set; } = true;

    /// <summary>The next mail must begin with RSET.</summary>
    public bool MustReset => _refusal is not null && _stage <= SmtpStage.Data;

    /// <summary>Null: the server had ended the used connection before anything began.</summary>
    public async Task<SendResult?> RunAsync()
    {
        if (!await OfferAsync())
        {
            return _refusal;
        }

        _stage = SmtpStage.Content;
        WriteContent(content.Span);
        await wire.FlushAsync();
        _stage = SmtpStage.Handed;
        var reply = await wire.ReadAsync();
        if (reply.IsPositive)
        {
            return SendResult.Accepted(QueueId(reply.Text), reply.FullCode, reply.Words);
        }

        InStep = IsInStep(reply);
        return SmtpRefusal.Of(SmtpStage.Handed, reply);
    }

    /// <summary>What to say after <see cref="RunAsync"/> threw because of the network; null as there.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up, and the mail has surely not been taken.</exception>
    public SendResult? ResultOfLoss((string Code, string Text) loss, CancellationToken cancellationToken)
    {
        if (_stage == SmtpStage.Handed)
        {
            return SendResult.Unknown(loss.Code, loss.Text);
        }

        if (_refusal is not null)
        {
            return _refusal;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_stage is null)
        {
            return used && !wire.IsOver ? null : SendResult.ChannelDown(ChannelFault.Connection, loss.Code, loss.Text);
        }

        // A server that answered MAIL works; what breaks after that may be the doing of this one mail and must not hold up the others.
        return SendResult.Transient(loss.Code, loss.Text);
    }

    /// <summary>RSET when needed, MAIL, RCPT and DATA: in one write where the server can (RFC 2920), else one after another.</summary>
    private async Task<bool> OfferAsync()
    {
        var first = reset ? SmtpStage.Reset : SmtpStage.Sender;
        if (capabilities.Pipelining)
        {
            for (var stage = first; stage <= SmtpStage.Data; stage++)
            {
                WriteCommand(stage);
            }

            await wire.FlushAsync();
        }

        for (var stage = first; stage <= SmtpStage.Data && InStep; stage++)
        {
            if (!capabilities.Pipelining)
            {
                WriteCommand(stage);
                await wire.FlushAsync();
            }

            var reply = await wire.ReadAsync();
            if (stage == SmtpStage.Reset || (_stage is null && used && reply.Code == 421))
            {
                InStep = reply.IsPositive;
                continue;
            }

            _stage = stage;
            Judge(stage, reply);
            if (_refusal is not null && !capabilities.Pipelining)
            {
                break;
            }
        }

        return InStep && _refusal is null;
    }

    private void Judge(SmtpStage stage, SmtpReply reply)
    {
        var granted = stage == SmtpStage.Data ? reply.Code == 354 : reply.IsPositive;
        if (!granted)
        {
            _refusal ??= SmtpRefusal.Of(stage, reply);
            InStep = IsInStep(reply);
        }
        else if (stage == SmtpStage.Data && _refusal is not null)
        {
            // DATA granted without a sender or a recipient: the server waits for a mail that must not come.
            InStep = false;
        }
    }

    /// <summary>A refusal below 400 answers another question than ours, and 421 is a farewell.</summary>
    private static bool IsInStep(SmtpReply refusal) => refusal.Code is >= 400 and not 421;

    private void WriteCommand(SmtpStage stage)
    {
        switch (stage)
        {
            case SmtpStage.Reset:
                wire.Write("RSET\r\n"u8);
                break;
            case SmtpStage.Sender:
                wire.Write("MAIL FROM:<"u8);
                wire.Write(envelope.From.ToString());
                wire.Write(">"u8);
                if (capabilities.Size)
                {
                    wire.Write(string.Create(CultureInfo.InvariantCulture, $" SIZE={content.Length}"));
                }

                wire.Write(envelope.NeedsSmtpUtf8 ? " BODY=8BITMIME SMTPUTF8\r\n"u8 : "\r\n"u8);
                break;
            case SmtpStage.Recipient:
                wire.Write("RCPT TO:<"u8);
                wire.Write(envelope.To.ToString());
                wire.Write(">\r\n"u8);
                break;
            default:
                wire.Write("DATA\r\n"u8);
                break;
        }
    }

    /// <summary>The mail with every dot at the start of a line doubled, and the final dot (RFC 5321, 4.5.2).</summary>
    private void WriteContent(ReadOnlySpan<byte> rest)
    {
        if (rest.StartsWith((byte)'.'))
        {
            wire.Write("."u8);
        }

        for (var dot = rest.IndexOf("\n."u8); dot >= 0; dot = rest.IndexOf("\n."u8))
        {
            wire.Write(rest[..(dot + 1)]);
            wire.Write("."u8);
            rest = rest[(dot + 1)..];
        }

        wire.Write(rest);
        wire.Write(rest.EndsWith("\r\n"u8) ? ".\r\n"u8 : "\r\n.\r\n"u8);
    }

    /// <summary>The id under which Postfix (<c>queued as</c>), Exim (<c>id=</c>) and others log the mail; null when the server does not name it.</summary>
    private static string? QueueId(string text)
    {
        foreach (var sign in (ReadOnlySpan<string>)["queued as ", "id="])
        {
            if (text.IndexOf(sign, StringComparison.OrdinalIgnoreCase) is var at and >= 0)
            {
                var id = string.Concat(text[(at + sign.Length)..].TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'));
                return id.Length is > 0 and <= 100 ? id : null;
            }
        }

        return null;
    }
}
