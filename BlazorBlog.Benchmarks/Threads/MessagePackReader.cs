using System.Buffers.Binary;

namespace BlazorBlog.Threads;

/// <summary>As much of MessagePack as a circuit's server sends.</summary>
internal ref struct MessagePackReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public int ReadArray() => Take() switch
    {
        >= 0x90 and <= 0x9f and var code => code & 0x0f,
        0xdc => (int)Unsigned(2),
        0xdd => (int)Unsigned(4),
        var code => throw Unexpected(code),
    };

    public int ReadMap() => Take() switch
    {
        >= 0x80 and <= 0x8f and var code => code & 0x0f,
        0xde => (int)Unsigned(2),
        0xdf => (int)Unsigned(4),
        var code => throw Unexpected(code),
    };

    public long ReadInteger() => Take() switch
    {
        <= 0x7f and var code => code,
        >= 0xe0 and var code => (sbyte)code,
        0xcc => (long)Unsigned(1),
        0xcd => (long)Unsigned(2),
        0xce => (long)Unsigned(4),
        0xcf or 0xd3 => (long)Unsigned(8),
        0xd0 => (sbyte)Unsigned(1),
        0xd1 => (short)Unsigned(2),
        0xd2 => (int)Unsigned(4),
        var code => throw Unexpected(code),
    };

    /// <summary>The octets of a text or of binary data; none for nil.</summary>
    public ReadOnlySpan<byte> ReadBytes() => Take() switch
    {
        0xc0 => default,
        >= 0xa0 and <= 0xbf and var code => Take(code & 0x1f),
        0xc4 or 0xd9 => Take((int)Unsigned(1)),
        0xc5 or 0xda => Take((int)Unsigned(2)),
        0xc6 or 0xdb => Take((int)Unsigned(4)),
        var code => throw Unexpected(code),
    };

    private static InvalidDataException Unexpected(byte code) => new($"MessagePack code {code:x2} stands where something else was expected.");

    private ulong Unsigned(int size)
    {
        var octets = Take(size);
        return size switch
        {
            1 => octets[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(octets),
            4 => BinaryPrimitives.ReadUInt32BigEndian(octets),
            _ => BinaryPrimitives.ReadUInt64BigEndian(octets),
        };
    }

    private byte Take() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw new InvalidDataException("The message ends too early.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
