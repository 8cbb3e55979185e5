using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

namespace BlazorBlog.Threads;

/// <summary>
/// One reader with a page open, without a browser: starts the circuit of the page, acknowledges what it renders and lets every call of a
/// script succeed. A thousand of them must leave the machine to the servers they measure.
/// </summary>
internal sealed class Circuit : IDisposable
{
    private const int UsualBuffer = 4 * 1024;

    /// <summary>The kind of a script's result that is an object in the browser, such as a module.</summary>
    private const int ObjectResult = 1;

    private readonly HttpClient _browser;
    private readonly CircuitPage _page;
    private readonly BatchArrived _batchArrived;
    private readonly ClientWebSocket _socket = new();
    private readonly CircuitMessages _messages = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _buffer = new byte[UsualBuffer];
    private int _unread;
    private bool _isGreeted;
    private bool _hasRendered;
    private volatile bool _isClosed;
    private string _secret = "";
    private Task _listening = Task.CompletedTask;

    private Circuit(HttpClient browser, CircuitPage page, BatchArrived batchArrived)
    {
        _browser = browser;
        _page = page;
        _batchArrived = batchArrived;
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
    }

    /// <param name="batch">The render batch as the server wrote it; all its texts are in it in UTF-8. Valid during the call.</param>
    /// <param name="at">The <see cref="Stopwatch"/>'s time.</param>
    public delegate void BatchArrived(ReadOnlySpan<byte> batch, long at);

    /// <summary>Why it ended; null while it is open, and when this side closed it.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Reads the page as a new visitor and waits until its interactive components have rendered.</summary>
    /// <exception cref="HttpRequestException">The page is not answered with success.</exception>
    /// <exception cref="WebSocketException">The connection was refused or broke.</exception>
    /// <exception cref="InvalidDataException">Nothing on the page is interactive, or the server refused, failed or rendered nothing.</exception>
    public static async Task<Circuit> OpenAsync(HttpClient browser, Uri address, BatchArrived batchArrived, CancellationToken cancellation)
    {
        var circuit = new Circuit(browser, await CircuitPage.ReadAsync(browser, address, cancellation), batchArrived);
        try
        {
            await circuit.StartAsync(cancellation);
            return circuit;
        }
        catch
        {
            circuit.Dispose();
            throw;
        }
    }

    /// <summary>Ends as a tab does that is closed: the server is told, and need not keep the circuit for a reader who comes back.</summary>
    /// <exception cref="HttpRequestException">The server knows no such circuit.</exception>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        _isClosed = true;
        using var form = new MultipartFormDataContent { { new StringContent(_secret), "circuitId" } };
        using var answer = await _browser.PostAsync(new Uri(_page.Base, "_blazor/disconnect"), form, cancellation);
        answer.EnsureSuccessStatusCode();
        Dispose();
        await _listening.WaitAsync(cancellation);
    }

    public void Dispose()
    {
        _isClosed = true;
        _socket.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        var hub = new UriBuilder(new Uri(_page.Base, "_blazor")) { Scheme = "ws" }.Uri;
        await _socket.ConnectAsync(hub, _browser, cancellation);
        await _socket.SendAsync(CircuitMessages.Handshake, WebSocketMessageType.Text, endOfMessage: true, cancellation);
        _listening = ListenAsync();
        await _opened.Task.WaitAsync(cancellation);
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(_buffer.AsMemory(_unread), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    throw new InvalidDataException($"The server closed the connection: {_socket.CloseStatusDescription}.");
                }

                var at = Stopwatch.GetTimestamp();
                _unread += received.Count;
                await ObeyAllAsync(at);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or InvalidDataException or ObjectDisposedException or OperationCanceledException)
        {
            Failure = _isClosed ? null : exception;
            _opened.TrySetException(exception);
        }
    }

    private async ValueTask ObeyAllAsync(long at)
    {
        var start = 0;
        while (TryTake(ref start, out var message))
        {
            if (Obey(message.Span, at) is { IsEmpty: false } answer)
            {
                await _socket.SendAsync(answer, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            }
        }

        Keep(start);
    }

    /// <returns>False when the rest of the message has yet to come.</returns>
    private bool TryTake(ref int start, out ReadOnlyMemory<byte> message)
    {
        message = default;
        var unread = _buffer.AsSpan(start, _unread - start);
        if (!_isGreeted)
        {
            var end = unread.IndexOf((byte)0x1e);
            if (end < 0)
            {
                return false;
            }

            message = _buffer.AsMemory(start, end);
            start += end + 1;
            return true;
        }

        var length = 0;
        for (var i = 0; i < unread.Length; i++)
        {
            length |= (unread[i] & 0x7f) << (7 * i);
            if (unread[i] <= 0x7f)
            {
                if (unread.Length - i - 1 < length)
                {
                    return false;
                }

                message = _buffer.AsMemory(start + i + 1, length);
                start += i + 1 + length;
                return true;
            }
        }

        return false;
    }

    /// <summary>The first batch is many times larger than all that follow; its buffer is not kept for them.</summary>
    private void Keep(int start)
    {
        var rest = _buffer.AsSpan(start, _unread - start);
        _unread = rest.Length;
        if (_unread == _buffer.Length)
        {
            Array.Resize(ref _buffer, 4 * _buffer.Length);
        }
        else if (_unread == 0 && _buffer.Length > UsualBuffer)
        {
            _buffer = new byte[UsualBuffer];
        }
        else if (start > 0)
        {
            rest.CopyTo(_buffer);
        }
    }

    /// <returns>What the server is to be told now; mostly nothing.</returns>
    private ReadOnlyMemory<byte> Obey(ReadOnlySpan<byte> message, long at)
    {
        if (!_isGreeted)
        {
            _isGreeted = message.SequenceEqual("{}"u8) ? true : throw new InvalidDataException($"The server refused: {Encoding.UTF8.GetString(message)}");
            return _messages.StartCircuit(_page);
        }

        var reader = new MessagePackReader(message);
        reader.ReadArray();
        switch (reader.ReadInteger())
        {
            case CircuitMessages.InvocationType:
                SkipHeaders(ref reader);
                reader.ReadBytes();
                return ObeyInvocation(ref reader, at);
            case CircuitMessages.CompletionType:
                SkipHeaders(ref reader);
                reader.ReadBytes();
                return OnStarted(ref reader);
            case CircuitMessages.PingType:
                return CircuitMessages.Ping;
            case CircuitMessages.CloseType:
                throw new InvalidDataException($"The server ended the circuit: {Encoding.UTF8.GetString(reader.ReadBytes())}");
            default:
                return default;
        }
    }

    private static void SkipHeaders(ref MessagePackReader reader)
    {
        for (var i = 2 * reader.ReadMap(); i > 0; i--)
        {
            reader.ReadBytes();
        }
    }

    private ReadOnlyMemory<byte> OnStarted(ref MessagePackReader reader)
    {
        const int withResult = 3;
        var kind = reader.ReadInteger();
        var result = Encoding.UTF8.GetString(reader.ReadBytes());
        _secret = kind == withResult && result.Length > 0 ? result : throw new InvalidDataException($"The circuit did not start: {result}");
        return _messages.UpdateRootComponents(_page);
    }

    private ReadOnlyMemory<byte> ObeyInvocation(ref MessagePackReader reader, long at)
    {
        var method = reader.ReadBytes();
        reader.ReadArray();
        if (method.SequenceEqual("JS.RenderBatch"u8))
        {
            var batch = reader.ReadInteger();
            _hasRendered = true;
            _batchArrived(reader.ReadBytes(), at);
            return _messages.RenderCompleted(batch);
        }

        if (method.SequenceEqual("JS.BeginInvokeJS"u8))
        {
            var call = reader.ReadInteger();
            reader.ReadBytes();
            reader.ReadBytes();
            return _messages.ScriptReturned(call, reader.ReadInteger() == ObjectResult ? """{"__jsObjectId":1}""" : "null");
        }

        if (method.SequenceEqual("JS.Error"u8))
        {
            throw new InvalidDataException($"The circuit failed: {Encoding.UTF8.GetString(reader.ReadBytes())}");
        }

        // Comes once the components have all they waited for.
        if (method.SequenceEqual("JS.EndUpdateRootComponents"u8))
        {
            if (_hasRendered)
            {
                _opened.TrySetResult();
            }
            else
            {
                throw new InvalidDataException("The circuit rendered nothing.");
            }
        }

        return default;
    }
}
