using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>
/// The octets of a conversation: a socket, secured or not, what is to be written next, and the time limit of every answer. Not for
/// concurrent use.
/// </summary>
public sealed class SmtpWire : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly SmtpReplyReader _replies = new();
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly TimeSpan _timeout;

    // One source for the life of the connection: it is cancelled by the time limit of the current answer or by the current caller.
    private readonly CancellationTokenSource _limit;

    private Stream _stream = Stream.Null;

    public SmtpWire(TimeSpan timeout, TimeProvider time)
    {
        _timeout = timeout;
        _limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    public bool IsSecured => _stream is SslStream;

    /// <summary>Octets came that nobody asked for yet.</summary>
    public bool HasUnread => _replies.HasUnread;

    /// <summary>The time was up or the caller gave up; the conversation cannot go on.</summary>
    public bool IsOver => _limit.IsCancellationRequested;

    public IPAddress LocalAddress => ((IPEndPoint)_socket.LocalEndPoint!).Address;

    /// <summary>What the network did, for people; null for an exception that is no failure of the network but a mistake of ours.</summary>
    public static (string Code, string Text)? LossOf(Exception exception) => exception switch
    {
        OperationCanceledException => ("timeout", "The server did not answer in time."),
        SocketException socket => ("connection", $"The connection failed ({socket.SocketErrorCode})."),
        IOException { InnerException: SocketException socket } => ("connection", $"The connection was lost ({socket.SocketErrorCode})."),
        IOException => ("connection", "The server closed the connection."),
        InvalidDataException protocol => ("protocol", protocol.Message),
        _ => null,
    };

    /// <summary>Until disposed, the caller's wish to stop ends every wait.</summary>
    public Caller For(CancellationToken cancellationToken) =>
        new(_limit, cancellationToken.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit));

    public async Task ConnectAsync(string host, int port)
    {
        RestartLimit();
        await _socket.ConnectAsync(host, port, _limit.Token);
        // Each write is a whole group of commands; to hold it back for more costs 40 ms a mail.
        _socket.NoDelay = true;
        _stream = new NetworkStream(_socket, ownsSocket: false);
    }

    /// <exception cref="ChannelDownException">The certificate is not trusted, or the handshake failed.</exception>
    public async Task SecureAsync(SmtpTrust trust, string host)
    {
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        RestartLimit();
        try
        {
            await secured.AuthenticateAsClientAsync(trust.Options(host), _limit.Token);
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

    /// <summary>Sends one command and waits for its answer.</summary>
    public async ValueTask<SmtpReply> CommandAsync(string command)
    {
        Write(command);
        Write("\r\n"u8);
        await FlushAsync();
        return await ReadAsync();
    }

    /// <summary>Adds to what <see cref="FlushAsync"/> sends.</summary>
    public void Write(string text) => Encoding.UTF8.GetBytes(text, _output);

    /// <summary>Adds to what <see cref="FlushAsync"/> sends.</summary>
    public void Write(ReadOnlySpan<byte> octets) => _output.Write(octets);

    /// <summary>Sends all that was written, in one piece. When it throws, the last octet has not left.</summary>
    public async ValueTask FlushAsync()
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

    public ValueTask<SmtpReply> ReadAsync()
    {
        RestartLimit();
        return _replies.ReadAsync(_stream, _limit.Token);
    }

    /// <summary>False when the server has closed an idle connection, or said something on it: that can only be its farewell.</summary>
    public bool IsQuiet()
    {
        try
        {
            return !IsOver && !HasUnread && !_socket.Poll(0, SelectMode.SelectRead);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
        _limit.Dispose();
    }

    private void RestartLimit() => _limit.CancelAfter(_timeout);

    /// <summary>The time a caller uses the wire.</summary>
    public readonly struct Caller(CancellationTokenSource limit, CancellationTokenRegistration wish) : IDisposable
    {
        public void Dispose()
        {
            wish.Dispose();
            if (!limit.IsCancellationRequested)
            {
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }
}
