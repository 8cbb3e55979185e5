using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace BlazorBlog.Threads;

/// <summary>As much of MessagePack as a circuit's client sends.</summary>
internal sealed class MessagePackWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();

    /// <summary>Valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => _output.WrittenMemory;

    public void Clear() => _output.ResetWrittenCount();

    public void WriteNil() => Write(0xc0);

    public void WriteBoolean(bool value) => Write(value ? (byte)0xc3 : (byte)0xc2);

    /// <param name="count">Less than 16.</param>
    public void WriteArray(int count) => Write((byte)(0x90 | count));

    public void WriteEmptyMap() => Write(0x80);

    public void WriteInteger(long value)
    {
        if (value is >= 0 and <= 0x7f)
        {
            Write((byte)value);
            return;
        }

        Write(0xd3);
        BinaryPrimitives.WriteInt64BigEndian(_output.GetSpan(sizeof(long)), value);
        _output.Advance(sizeof(long));
    }

    public void WriteText(string value)
    {
        Write(0xdb);
        BinaryPrimitives.WriteInt32BigEndian(_output.GetSpan(sizeof(int)), Encoding.UTF8.GetByteCount(value));
        _output.Advance(sizeof(int));
        Encoding.UTF8.GetBytes(value, _output);
    }

    private void Write(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }
}
