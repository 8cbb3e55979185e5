namespace BlazorBlog.Threads;

/// <summary>What a browser says on a circuit's hub connection: SignalR's hub protocol in MessagePack, called <c>blazorpack</c>.</summary>
internal sealed class CircuitMessages
{
    public const int InvocationType = 1;
    public const int CompletionType = 3;
    public const int PingType = 6;
    public const int CloseType = 7;

    /// <summary>A length takes at most this many octets of seven bits each.</summary>
    private const int LongestPrefix = 5;

    private readonly MessagePackWriter _writer = new();
    private byte[] _frame = new byte[256];

    /// <summary>Text, and the only message that ends with a separator instead of beginning with its length.</summary>
    public static ReadOnlyMemory<byte> Handshake { get; } = "{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray();

    public static ReadOnlyMemory<byte> Ping { get; } = new byte[] { 2, 0x91, PingType };

    /// <summary>Asks for an answer, which is the circuit's secret.</summary>
    public ReadOnlyMemory<byte> StartCircuit(CircuitPage page)
    {
        Begin("StartCircuit", arguments: 4, invocation: "0");
        _writer.WriteText(page.Base.AbsoluteUri);
        _writer.WriteText(page.Address.AbsoluteUri);
        _writer.WriteText("[]");
        _writer.WriteText(page.State);
        return End();
    }

    public ReadOnlyMemory<byte> UpdateRootComponents(CircuitPage page)
    {
        Begin("UpdateRootComponents", arguments: 2);
        _writer.WriteText(page.Operations);
        _writer.WriteText(page.State);
        return End();
    }

    public ReadOnlyMemory<byte> RenderCompleted(long batch)
    {
        Begin("OnRenderCompleted", arguments: 2);
        _writer.WriteInteger(batch);
        _writer.WriteNil();
        return End();
    }

    /// <param name="call">As the server numbered it.</param>
    /// <param name="result">In JSON.</param>
    public ReadOnlyMemory<byte> ScriptReturned(long call, string result)
    {
        Begin("EndInvokeJSFromDotNet", arguments: 3);
        _writer.WriteInteger(call);
        _writer.WriteBoolean(true);
        _writer.WriteText($"[{call},true,{result}]");
        return End();
    }

    private void Begin(string method, int arguments, string? invocation = null)
    {
        _writer.Clear();
        _writer.WriteArray(6);
        _writer.WriteInteger(InvocationType);
        _writer.WriteEmptyMap();
        if (invocation is null)
        {
            _writer.WriteNil();
        }
        else
        {
            _writer.WriteText(invocation);
        }

        _writer.WriteText(method);
        _writer.WriteArray(arguments);
    }

    /// <summary>Valid until the next message is begun.</summary>
    private ReadOnlyMemory<byte> End()
    {
        // No streams.
        _writer.WriteArray(0);
        var message = _writer.Written.Span;
        if (_frame.Length < LongestPrefix + message.Length)
        {
            _frame = new byte[LongestPrefix + message.Length];
        }

        var prefix = 0;
        for (var length = message.Length; ; length >>= 7)
        {
            _frame[prefix++] = (byte)(length > 0x7f ? 0x80 | length : length);
            if (length <= 0x7f)
            {
                break;
            }
        }

        message.CopyTo(_frame.AsSpan(prefix));
        return _frame.AsMemory(0, prefix + message.Length);
    }
}
