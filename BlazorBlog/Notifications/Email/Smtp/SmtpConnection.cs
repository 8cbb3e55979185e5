using System.Net;
using System.Net.Sockets;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>One conversation with a mail server (RFC 5321), over which many mails go one after another. Not for concurrent use.</summary>
public sealed class SmtpConnection : IDisposable
{
    private readonly SmtpEndpoint _endpoint;
    private readonly SmtpWire _wire;
    private SmtpCapabilities _capabilities = new();
    private bool _used;
    private bool _mustReset;

    private SmtpConnection(SmtpEndpoint endpoint, TimeProvider time) =>
        (_endpoint, _wire) = (endpoint, new SmtpWire(endpoint.Timeout, time));

    /// <summary>False once the conversation has come to an end or out of step.</summary>
    public bool IsUsable { get; private set; } = true;

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
            using (connection._wire.For(cancellationToken))
            {
                await connection.OpenAsync(accessToken);
            }

            return connection;
        }
        catch (Exception exception)
        {
            connection.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (SmtpWire.LossOf(exception) is { } loss)
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

        var transaction = new SmtpTransaction(_wire, _capabilities, envelope, content, _used, _mustReset);
        // Until the transaction has come to an orderly end.
        IsUsable = false;
        try
        {
            using (_wire.For(cancellationToken))
            {
                var result = await transaction.RunAsync();
                (IsUsable, _mustReset, _used) = (transaction.InStep, transaction.MustReset, true);
                return result;
            }
        }
        catch (Exception exception) when (SmtpWire.LossOf(exception) is not null)
        {
            return transaction.ResultOfLoss(SmtpWire.LossOf(exception)!.Value, cancellationToken);
        }
    }

    /// <summary>False when the server has ended the conversation while nobody looked.</summary>
    public bool IsStillOpen() => IsUsable && _wire.IsQuiet();

    /// <summary>Says goodbye and closes; never throws.</summary>
    public async Task QuitAsync()
    {
        try
        {
            if (IsUsable)
            {
                using (_wire.For(CancellationToken.None))
                {
                    await _wire.CommandAsync("QUIT");
                }
            }
        }
        catch (Exception exception) when (SmtpWire.LossOf(exception) is not null)
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
        _wire.Dispose();
    }

    private async Task OpenAsync(string? accessToken)
    {
        await _wire.ConnectAsync(_endpoint.Host, _endpoint.Port);
        if (_endpoint.Security == SmtpSecurity.Tls)
        {
            await SecureAsync();
        }

        Require(SmtpStage.Greeting, await _wire.ReadAsync());
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
        var reply = await _wire.CommandAsync($"EHLO {_endpoint.HelloName ?? AddressLiteral(_wire.LocalAddress)}");
        Require(SmtpStage.Hello, reply);
        _capabilities = SmtpCapabilities.Parse(reply);
    }

    /// <summary>RFC 5321, 4.1.3.</summary>
    private static string AddressLiteral(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? $"[{address.MapToIPv4()}]"
        // Made anew, it loses its zone, which means nothing to the other side.
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{new IPAddress(address.GetAddressBytes())}]"
        : $"[{address}]";

    private async Task StartTlsAsync()
    {
        if (!_capabilities.StartTls)
        {
            throw ChannelDownException.Down(ChannelFault.Configuration, "starttls", "The server offers no STARTTLS.");
        }

        Require(SmtpStage.StartTls, await _wire.CommandAsync("STARTTLS"));
        if (_wire.HasUnread)
        {
            // Written in clear by anyone on the way, it would be read as if it came through the secured connection.
            throw ChannelDownException.Down(ChannelFault.Connection, "starttls", "Unprotected data followed the answer to STARTTLS.");
        }

        await SecureAsync();
        // What was offered in clear may have been offered by someone else (RFC 3207, 4.2): ask again, and believe only this.
        await HelloAsync();
    }

    private Task SecureAsync() => _wire.SecureAsync(new SmtpTrust(_endpoint.Authorities), _endpoint.Host);

    private async Task AuthenticateAsync(string? accessToken)
    {
        if (!_wire.IsSecured)
        {
            throw ChannelDownException.Down(ChannelFault.Configuration, "auth", "Credentials are never sent without TLS.");
        }

        var authentication = SmtpAuthentication.Choose(_endpoint, _capabilities.Auth, accessToken)
            ?? throw ChannelDownException.Down(ChannelFault.Configuration, "auth", "The server offers no way to authenticate that the settings allow.");
        var reply = await _wire.CommandAsync(authentication.Command);
        foreach (var answer in authentication.Answers)
        {
            if (reply.Code != 334)
            {
                break;
            }

            reply = await _wire.CommandAsync(answer);
        }

        Require(SmtpStage.Auth, reply);
    }

    private static void Require(SmtpStage stage, SmtpReply reply)
    {
        if (!reply.IsPositive)
        {
            throw new ChannelDownException(SmtpRefusal.Of(stage, reply));
        }
    }

    /// <summary>What the server is known not to take is not offered to it.</summary>
    private SendResult? RefusalOf(EmailEnvelope envelope, ReadOnlyMemory<byte> content)
    {
        if (envelope.NeedsSmtpUtf8 && _capabilities is not { SmtpUtf8: true, EightBitMime: true })
        {
            const string code = "5.6.7";
            const string text = "The mail server takes no addresses outside of ASCII (it offers no SMTPUTF8).";
            return envelope.From.NeedsSmtpUtf8 ? SendResult.ChannelDown(ChannelFault.Configuration, code, text) : SendResult.Permanent(code, text);
        }

        return content.Length > _capabilities.MaxSize
            ? SendResult.Permanent("552 5.3.4", $"The mail has {content.Length} octets, the server takes {_capabilities.MaxSize}.")
            : null;
    }
}
