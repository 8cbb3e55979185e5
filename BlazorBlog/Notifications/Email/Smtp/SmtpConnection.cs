using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>
/// One conversation with a mail server (RFC 5321), over which many mails go one after another. Not for concurrent use. Commands that
/// may go together leave in one write: with Nagle's algorithm or many small writes a mail costs tens of milliseconds instead of one.
/// </summary>
public sealed class SmtpConnection : IDisposable
{
    private readonly SmtpEndpoint _endpoint;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly SmtpReplyReader _replies = new();
    private readonly ArrayBufferWriter<byte> _output = new(4096);

    // One source for the life of the connection: it is cancelled by the time limit of the current answer or by the current caller.
    private readonly CancellationTokenSource _limit;

    private Stream _stream = Stream.Null;
    private SmtpCapabilities _capabilities = new();
    private bool _hasServed;
    private bool _mustReset;

    private SmtpConnection(SmtpEndpoint endpoint, TimeProvider time)
    {
        _endpoint = endpoint;
        _limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>False once the conversation has come to an end or out of step.</summary>
    public bool IsUsable { get; private set; } = true;

    private bool IsSecured => _stream is SslStream;

    /// <summary>
    /// Connects, secures, greets and authenticates as <paramref name="endpoint"/> says, or not at all; <paramref name="accessToken"/> is
    /// for XOAUTH2.
    /// </summary>
    /// <exception cref="ChannelDownException">The channel is down.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task<SmtpConnection> OpenAsync(SmtpEndpoint endpoint, string? accessToken, TimeProvider time, CancellationToken cancellationToken)
    {
        var connection = new SmtpConnection(endpoint, time);
        try
        {
            using (connection.BeginLimit(cancellationToken))
            {
                await connection.OpenAsync(accessToken);
            }

            return connection;
        }
        catch (Exception exception)
        {
            connection.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (LossOf(exception) is { } loss)
            {
                throw ChannelDownException.Down(ChannelFault.Connection, loss.Code, loss.Text);
            }

            throw;
        }
    }

    /// <summary>
    /// Sends one mail. Null: the server had ended this used connection before it answered anything, so nothing has begun and the mail
    /// may go over a new one.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up before the final dot was written.</exception>
    public async Task<SendResult?> SendAsync(EmailEnvelope envelope, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (RefusalOf(envelope, content) is { } refusal)
        {
            return refusal;
        }

        var transaction = new Transaction();
        try
        {
            using (BeginLimit(cancellationToken))
            {
                var result = await SendAsync(envelope, content, transaction);
                _hasServed = true;
                return result;
            }
        }
        catch (Exception exception) when (LossOf(exception) is not null)
        {
            IsUsable = false;
            return ResultOfLoss(transaction, LossOf(exception)!.Value, cancellationToken);
        }
    }

    /// <summary>False when the server has closed an idle connection, or said something on it: that can only be its farewell.</summary>
    public bool IsStillOpen()
    {
        try
        {
            return IsUsable && !_limit.IsCancellationRequested && !_replies.HasUnread && !_socket.Poll(0, SelectMode.SelectRead);
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
            if (IsUsable)
            {
                using (BeginLimit(CancellationToken.None))
                {
                    await CommandAsync("QUIT");
                }
            }
        }
        catch (Exception exception) when (LossOf(exception) is not null)
        {
            // The server was faster.
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        IsUsable = false;
        _stream.Dispose();
        _socket.Dispose();
        _limit.Dispose();
    }

    private async Task OpenAsync(string? accessToken)
    {
        RestartLimit();
        await _socket.ConnectAsync(_endpoint.Host, _endpoint.Port, _limit.Token);
        _socket.NoDelay = true;
        _stream = new NetworkStream(_socket, ownsSocket: false);
        if (_endpoint.Security == SmtpSecurity.Tls)
        {
            await SecureAsync();
        }

        Require(SmtpStage.Greeting, await ReadAsync());
        await HelloAsync();
        if (_endpoint.Security == SmtpSecurity.StartTls)
        {
            await StartTlsAsync();
        }

        if (_endpoint.Username is not null)
        {
            await AuthenticateAsync(accessToken);
        }
    }

    private async Task HelloAsync()
    {
        var reply = await CommandAsync($"EHLO {_endpoint.HelloName ?? LocalName()}");
        Require(SmtpStage.Hello, reply);
        _capabilities = SmtpCapabilities.Parse(reply);
    }

    /// <summary>An address literal (RFC 5321, 4.1.3).</summary>
    private string LocalName()
    {
        var address = ((IPEndPoint)_socket.LocalEndPoint!).Address;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{new IPAddress(address.GetAddressBytes())}]" : $"[{address}]";
    }

    private async Task StartTlsAsync()
    {
        if (!_capabilities.StartTls)
        {
            throw ChannelDownException.Down(ChannelFault.Configuration, "starttls", "The server offers no STARTTLS.");
        }

        Require(SmtpStage.StartTls, await CommandAsync("STARTTLS"));
        if (_replies.HasUnread)
        {
            // Written in clear by anyone on the way, it would be read as if it came through the secured connection.
            throw ChannelDownException.Down(ChannelFault.Connection, "starttls", "Unprotected data followed the answer to STARTTLS.");
        }

        await SecureAsync();
        // What was offered in clear may have been offered by someone else (RFC 3207, 4.2): ask again, and believe only this.
        await HelloAsync();
    }

    private async Task SecureAsync()
    {
        var trust = new SmtpTrust(_endpoint.Authorities);
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        RestartLimit();
        try
        {
            await secured.AuthenticateAsClientAsync(trust.Options(_endpoint.Host), _limit.Token);
        }
        catch (AuthenticationException) when (trust.Refusal is { } refusal)
        {
            throw ChannelDownException.Down(ChannelFault.Configuration, "certificate", refusal);
        }
        catch (AuthenticationException)
        {
            throw ChannelDownException.Down(ChannelFault.Connection, "tls", "The TLS handshake failed.");
        }
    }

    private async Task AuthenticateAsync(string? accessToken)
    {
        if (!IsSecured)
        {
            throw ChannelDownException.Down(ChannelFault.Configuration, "auth", "Credentials are never sent without TLS.");
        }

        var authentication = SmtpAuthentication.Choose(_endpoint, _capabilities.Auth, accessToken)
            ?? throw ChannelDownException.Down(ChannelFault.Configuration, "auth", "The server offers no way to authenticate that the settings allow.");
        var reply = await CommandAsync(authentication.Command);
        foreach (var answer in authentication.Answers)
        {
            if (reply.Code != 334)
            {
                break;
            }

            reply = await CommandAsync(answer);
        }

        Require(SmtpStage.Auth, reply);
    }

    private SendResult? RefusalOf(EmailEnvelope envelope, ReadOnlyMemory<byte> content) =>
        envelope.NeedsSmtpUtf8 && !(_capabilities is { SmtpUtf8: true, EightBitMime: true })
            ? SendResult.Permanent("5.6.7", "The mail server cannot send to or from addresses outside of ASCII (no SMTPUTF8).")
        : content.Length > _capabilities.MaxSize
            ? SendResult.Permanent("552 5.3.4", $"The mail has {content.Length} octets, the server takes {_capabilities.MaxSize}.")
        : null;

    private async Task<SendResult?> SendAsync(EmailEnvelope envelope, ReadOnlyMemory<byte> content, Transaction transaction)
    {
        if (!await OfferAsync(envelope, content.Length, transaction))
        {
            return transaction.Refusal;
        }

        transaction.Stage = SmtpStage.Content;
        WriteContent(content.Span);
        await FlushAsync();
        transaction.Stage = SmtpStage.Handed;
        var reply = await ReadAsync();
        if (reply.IsPositive)
        {
            return SendResult.Accepted(QueueId(reply.Text), reply.FullCode, reply.Words);
        }

        IsUsable = reply.Code is >= 400 and not 421;
        return SmtpRefusal.Of(SmtpStage.Handed, reply);
    }

    /// <summary>
    /// RSET when needed, MAIL, RCPT and DATA: in one write where the server can (RFC 2920), else one after another. False without a
    /// refusal when the server ended the used connection before anything began.
    /// </summary>
    private async Task<bool> OfferAsync(EmailEnvelope envelope, int size, Transaction transaction)
    {
        var pipelining = _capabilities.Pipelining;
        var first = _mustReset ? SmtpStage.Reset : SmtpStage.Sender;
        if (pipelining)
        {
            for (var stage = first; stage <= SmtpStage.Data; stage++)
            {
                WriteCommand(stage, envelope, size);
            }

            await FlushAsync();
        }

        for (var stage = first; stage <= SmtpStage.Data; stage++)
        {
            if (!pipelining)
            {
                WriteCommand(stage, envelope, size);
                await FlushAsync();
            }

            var reply = await ReadAsync();
            if ((stage == SmtpStage.Reset && !reply.IsPositive) || (stage == first && _hasServed && reply.Code == 421))
            {
                IsUsable = false;
                return false;
            }

            transaction.Stage = stage;
            if (stage == SmtpStage.Data ? reply.Code == 354 : reply.IsPositive)
            {
                // DATA granted without a sender or a recipient: nothing may be written now but a mail.
                IsUsable &= stage != SmtpStage.Data || transaction.Refusal is null;
                continue;
            }

            transaction.Refusal ??= SmtpRefusal.Of(stage, reply);
            // Below 400 the answer is out of step with the question.
            IsUsable &= reply.Code is >= 400 and not 421;
            if (!pipelining || !IsUsable)
            {
                break;
            }
        }

        _mustReset = transaction.Refusal is not null;
        return transaction.Refusal is null;
    }

    private void WriteCommand(SmtpStage stage, EmailEnvelope envelope, int size)
    {
        switch (stage)
        {
            case SmtpStage.Reset:
                Write("RSET\r\n");
                break;
            case SmtpStage.Sender:
                Write("MAIL FROM:<");
                Write(envelope.From.ToString());
                Write(">");
                if (_capabilities.Size)
                {
                    Write(string.Create(CultureInfo.InvariantCulture, $" SIZE={size}"));
                }

                Write(envelope.NeedsSmtpUtf8 ? " BODY=8BITMIME SMTPUTF8\r\n" : "\r\n");
                break;
            case SmtpStage.Recipient:
                Write("RCPT TO:<");
                Write(envelope.To.ToString());
                Write(">\r\n");
                break;
            default:
                Write("DATA\r\n");
                break;
        }
    }

    /// <summary>The mail with every dot at the start of a line doubled, and the final dot (RFC 5321, 4.5.2).</summary>
    private void WriteContent(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith((byte)'.'))
        {
            _output.Write("."u8);
        }

        for (var dot = content.IndexOf("\n."u8); dot >= 0; dot = content.IndexOf("\n."u8))
        {
            _output.Write(content[..(dot + 1)]);
            _output.Write("."u8);
            content = content[(dot + 1)..];
        }

        _output.Write(content);
        _output.Write(content.EndsWith("\r\n"u8) ? ".\r\n"u8 : "\r\n.\r\n"u8);
    }

    /// <summary>The id under which Postfix, Exim (<c>id=</c>) and others log the mail; null when the server does not name it.</summary>
    private static string? QueueId(string text)
    {
        foreach (var sign in (ReadOnlySpan<string>)["queued as ", "id="])
        {
            if (text.IndexOf(sign, StringComparison.OrdinalIgnoreCase) is var at and >= 0)
            {
                var id = string.Concat(text.AsSpan(at + sign.Length).ToString().TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'));
                return id.Length is > 0 and <= 100 ? id : null;
            }
        }

        return null;
    }

    private SendResult? ResultOfLoss(Transaction transaction, (string Code, string Text) loss, CancellationToken cancellationToken)
    {
        if (transaction.Stage == SmtpStage.Handed)
        {
            return SendResult.Unknown(loss.Code, loss.Text);
        }

        if (transaction.Refusal is not null)
        {
            return transaction.Refusal;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (transaction.Stage is null)
        {
            return _hasServed && !_limit.IsCancellationRequested ? null : SendResult.ChannelDown(ChannelFault.Connection, loss.Code, loss.Text);
        }

        // A server that answered MAIL works; what breaks after that may be the doing of this one mail and must not hold up the others.
        return SendResult.Transient(loss.Code, loss.Text);
    }

    /// <summary>Null for what is no failure of the network: that is a mistake of ours.</summary>
    private static (string Code, string Text)? LossOf(Exception exception) => exception switch
    {
        OperationCanceledException => ("timeout", "The server did not answer in time."),
        SocketException socket => ("connection", $"The connection failed ({socket.SocketErrorCode})."),
        IOException { InnerException: SocketException socket } => ("connection", $"The connection was lost ({socket.SocketErrorCode})."),
        IOException => ("connection", "The server closed the connection."),
        InvalidDataException protocol => ("protocol", protocol.Message),
        _ => null,
    };

    private static void Require(SmtpStage stage, SmtpReply reply)
    {
        if (!reply.IsPositive)
        {
            throw new ChannelDownException(SmtpRefusal.Of(stage, reply));
        }
    }

    private async ValueTask<SmtpReply> CommandAsync(string command)
    {
        Write(command);
        Write("\r\n");
        await FlushAsync();
        return await ReadAsync();
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, _output);

    private async ValueTask FlushAsync()
    {
        RestartLimit();
        try
        {
            await _stream.WriteAsync(_output.WrittenMemory, _limit.Token);
        }
        finally
        {
            _output.ResetWrittenCount();
        }
    }

    private ValueTask<SmtpReply> ReadAsync()
    {
        RestartLimit();
        return _replies.ReadAsync(_stream, _limit.Token);
    }

    private void RestartLimit() => _limit.CancelAfter(_endpoint.Timeout);

    private Limited BeginLimit(CancellationToken cancellationToken) =>
        new(_limit, cancellationToken.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit));

    private sealed class Transaction
    {
        /// <summary>The last stage that the server answered, or that we are in from <see cref="SmtpStage.Content"/> on.</summary>
        public SmtpStage? Stage { get; set; }

        public SendResult? Refusal { get; set; }
    }

    private readonly struct Limited(CancellationTokenSource limit, CancellationTokenRegistration caller) : IDisposable
    {
        public void Dispose()
        {
            caller.Dispose();
            if (!limit.IsCancellationRequested)
            {
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }
}
