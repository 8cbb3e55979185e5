using System.Net;
using System.Net.Sockets;
using BlazorBlog.Notifications.Deliveries;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>
/// One connection to the mail server, over which many mails go one after another, with what MailKit's client leaves to its users: when the
/// connection may be used again, what the server is known not to take, and what an answer or a loss means. Not for concurrent use.
/// </summary>
internal sealed class SmtpSession : SmtpClient
{
    private const string Silence = "timeout";

    private readonly SmtpEndpoint _endpoint;
    private readonly SmtpTrust _trust;
    private readonly Socket _socket;
    private SmtpStage _stage = SmtpStage.Connect;
    private bool _takesSmtpUtf8;
    private bool _isUsed;

    private SmtpSession(SmtpEndpoint endpoint)
    {
        var timeout = (int)endpoint.Timeout.TotalMilliseconds;
        _endpoint = endpoint;
        _trust = new SmtpTrust(endpoint.Authorities);
        // Commands and the end of a mail are written apart; held back for more, each costs 40 ms.
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = timeout, SendTimeout = timeout };
        Timeout = timeout;
        ServerCertificateValidationCallback = _trust.Accept;
        // Lists of revoked certificates are mostly out of reach of a server that may connect to its relay only.
        CheckCertificateRevocation = false;
    }

    /// <summary>False once the connection has ended or fallen out of step with the server.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>
    /// Connects, secures and authenticates as <paramref name="endpoint"/> says, or not at all; <paramref name="accessToken"/> is for
    /// XOAUTH2.
    /// </summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="accessToken">Null: authentication is by password, if at all.</param>
    /// <param name="limit">Cancelled when the time is up or <paramref name="cancellationToken"/> is.</param>
    /// <param name="cancellationToken">The caller's wish to stop.</param>
    /// <exception cref="SendFailedException">The channel is down.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task<SmtpSession> OpenAsync(SmtpEndpoint endpoint, string? accessToken, CancellationToken limit, CancellationToken cancellationToken)
    {
        var session = new SmtpSession(endpoint);
        try
        {
            await session.OpenAsync(accessToken, limit);
            return session;
        }
        catch (Exception exception)
        {
            session.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (session.FailureOf(exception, limit) is { } result)
            {
                throw new SendFailedException(result);
            }

            throw;
        }
    }

    /// <summary>
    /// Sends one mail. Null: nothing has begun and the mail may go over a new connection, because the server had ended this used one, or
    /// this one cannot take it any more.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up before the recipient was accepted.</exception>
    public async Task<SendResult?> HandOverAsync(EmailEnvelope envelope, MimeMessage mail, CancellationToken limit, CancellationToken cancellationToken)
    {
        if (envelope.NeedsSmtpUtf8 && !_takesSmtpUtf8)
        {
            const string code = "5.6.7";
            const string text = "The mail server takes no addresses outside of ASCII (it offers no SMTPUTF8).";
            return envelope.From.NeedsSmtpUtf8 ? SendResult.ChannelDown(ChannelFault.Configuration, code, text) : SendResult.Permanent(code, text) with { IsOurFault = true };
        }

        if (!TrySwitchSmtpUtf8(envelope.NeedsSmtpUtf8))
        {
            Dispose();
            return null;
        }

        _stage = SmtpStage.Sender;
        // Until there is an orderly end.
        IsUsable = false;
        try
        {
            var answer = await SendAsync(MimeComposer.Format(envelope), mail, limit);
            (IsUsable, _isUsed) = (true, true);
            return Accepted(new SmtpReply((int)SmtpStatusCode.Ok, answer));
        }
        catch (SendFailedException exception)
        {
            IsUsable = true;
            return exception.Result;
        }
        catch (Exception exception) when (SmtpReply.Of(exception) is { } reply)
        {
            var stage = StageOf(exception);
            if (_isUsed && stage == SmtpStage.Sender && reply.Code == (int)SmtpStatusCode.ServiceNotAvailable)
            {
                return null;
            }

            // A refusal below 400 answers another question than ours, and 421 closes the connection: after either, it must not carry another mail.
            (IsUsable, _isUsed) = (IsConnected && reply.Code is >= 400 and < 600 and not 421, true);
            return stage == SmtpStage.Content && reply.Code is >= 200 and < 300 ? Accepted(reply) : SmtpRefusal.Of(stage, reply);
        }
        catch (Exception exception) when (LossOf(exception, limit) is { } loss)
        {
            return ResultOf(loss, isOver: limit.IsCancellationRequested, cancellationToken);
        }
    }

    /// <summary>False when the server closed the connection, or sent data while it was idle: unsolicited data can only be a 421.</summary>
    public bool IsStillOpen()
    {
        try
        {
            return IsUsable && IsConnected && !_socket.Poll(0, SelectMode.SelectRead);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Says goodbye and closes; never throws.</summary>
    public async Task QuitAsync()
    {
        try
        {
            await DisconnectAsync(quit: IsUsable);
        }
        catch (Exception exception) when (LossOf(exception, CancellationToken.None) is not null)
        {
            // The server closed first, or did not answer.
        }
        finally
        {
            Dispose();
        }
    }

    protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => _stage = SmtpStage.Recipient;

    protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => _stage = SmtpStage.Data;

    /// <summary>Called before the first command; MailKit declares the size but leaves it to the server to refuse it, after MAIL or after the whole mail.</summary>
    /// <exception cref="SendFailedException">The mail is larger than the server takes.</exception>
    protected override async Task<long> GetSizeAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken)
    {
        var size = await base.GetSizeAsync(options, message, cancellationToken);
        return MaxSize > 0 && size > MaxSize
            ? throw new SendFailedException(SendResult.Permanent("552 5.3.4", $"The mail has {size} octets, the server takes {MaxSize}."))
            : size;
    }

    protected override void Dispose(bool disposing)
    {
        IsUsable = false;
        base.Dispose(disposing);
        if (disposing)
        {
            _socket.Dispose();
        }
    }

    private async Task OpenAsync(string? accessToken, CancellationToken limit)
    {
        await _socket.ConnectAsync(_endpoint.Host, _endpoint.Port, limit);
        LocalDomain = _endpoint.HelloName ?? AddressOf((IPEndPoint)_socket.LocalEndPoint!).ToString();
        await ConnectAsync(_socket, _endpoint.Host, _endpoint.Port, _endpoint.Security switch
        {
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        }, limit);
        if (_endpoint.Username is not null)
        {
            _stage = SmtpStage.Auth;
            await AuthenticateAsync(MechanismFor(accessToken), limit);
        }

        _takesSmtpUtf8 = Capabilities.HasFlag(SmtpCapabilities.UTF8 | SmtpCapabilities.EightBitMime);
        IsUsable = true;
    }

    /// <summary>Made anew, an IPv6 address loses its zone, which means nothing to the other side.</summary>
    private static IPAddress AddressOf(IPEndPoint end) => new(end.Address.GetAddressBytes());

    /// <exception cref="SendFailedException">The connection is in clear, or the server offers nothing that the settings allow.</exception>
    private SaslMechanism MechanismFor(string? accessToken)
    {
        if (!IsSecure)
        {
            throw SendFailedException.ChannelDown(ChannelFault.Configuration, "auth", "Credentials are never sent without TLS.");
        }

        var auth = _endpoint.Auth switch
        {
            SmtpAuth.Auto when accessToken is not null => SmtpAuth.XOAuth2,
            SmtpAuth.Auto => Offers(SmtpAuth.Plain) ? SmtpAuth.Plain : SmtpAuth.Login,
            _ => _endpoint.Auth,
        };
        if (!Offers(auth))
        {
            throw SendFailedException.ChannelDown(ChannelFault.Configuration, "auth", "The server offers no way to authenticate that the settings allow.");
        }

        var (user, password) = (_endpoint.Username ?? "", _endpoint.Password ?? "");
        return auth switch
        {
            SmtpAuth.Plain => new SaslMechanismPlain(user, password),
            SmtpAuth.Login => new SaslMechanismLogin(user, password),
            _ => new SaslMechanismOAuth2(user, accessToken ?? ""),
        };
    }

    private bool Offers(SmtpAuth auth) => AuthenticationMechanisms.Contains(auth.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// MailKit takes a domain in punycode for an international address and asks for SMTPUTF8 wherever it is offered, and a later server
    /// without it would return the mail. So the extension is switched off for mails that do without; it cannot be switched on again.
    /// </summary>
    private bool TrySwitchSmtpUtf8(bool isNeeded)
    {
        if (!isNeeded)
        {
            Capabilities &= ~SmtpCapabilities.UTF8;
        }

        return !isNeeded || Capabilities.HasFlag(SmtpCapabilities.UTF8);
    }

    private SendResult? FailureOf(Exception exception, CancellationToken limit)
    {
        if (exception is SendFailedException failed)
        {
            return failed.Result;
        }

        if (SmtpReply.Of(exception) is { } reply)
        {
            return SmtpRefusal.Of(_stage, reply);
        }

        var (fault, code, text) = exception switch
        {
            NotSupportedException => (ChannelFault.Configuration, "starttls", "The server offers no STARTTLS."),
            SslHandshakeException when _trust.Refusal is { } refusal => (ChannelFault.Configuration, "certificate", refusal),
            SslHandshakeException when !limit.IsCancellationRequested => (ChannelFault.Connection, "tls", "The TLS handshake failed."),
            _ => LossOf(exception, limit) is { } loss ? (ChannelFault.Connection, loss.Code, loss.Text) : default,
        };
        return code is null ? null : SendResult.ChannelDown(fault, code, text);
    }

    private SmtpStage StageOf(Exception exception) => exception switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } => SmtpStage.Sender,
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } => SmtpStage.Recipient,
        SmtpCommandException { ErrorCode: SmtpErrorCode.MessageNotAccepted } => SmtpStage.Content,
        _ => _stage,
    };

    /// <exception cref="OperationCanceledException">The caller gave up, and the mail has surely not been taken.</exception>
    private SendResult? ResultOf((string Code, string Text) loss, bool isOver, CancellationToken cancellationToken)
    {
        if (_stage == SmtpStage.Data)
        {
            return SendResult.Unknown(loss.Code, loss.Text);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_stage == SmtpStage.Sender)
        {
            return _isUsed && !isOver && loss.Code != Silence ? null : SendResult.ChannelDown(ChannelFault.Connection, loss.Code, loss.Text);
        }

        // A server that answered MAIL works; what breaks after that may be the doing of this one mail and must not hold up the others.
        return SendResult.Transient(loss.Code, loss.Text);
    }

    /// <summary>What the network did, for people; null for an exception that is no failure of the network but a mistake of ours.</summary>
    private static (string Code, string Text)? LossOf(Exception exception, CancellationToken limit) => exception switch
    {
        _ when limit.IsCancellationRequested => (Silence, "The server did not answer in time."),
        TimeoutException or { InnerException: TimeoutException } => (Silence, "The server did not answer in time."),
        SocketException socket => ("connection", $"The connection failed ({socket.SocketErrorCode})."),
        IOException { InnerException: SocketException socket } => ("connection", $"The connection was lost ({socket.SocketErrorCode})."),
        IOException or SmtpProtocolException => ("connection", "The server closed the connection, or does not speak SMTP."),
        _ => null,
    };

    private static SendResult Accepted(SmtpReply reply) => SendResult.Accepted(QueueId(reply.Text), reply.FullCode, reply.Words);

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
