using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace BlazorBlog.Posts;

/// <summary>Reads the answers of one HTTP/1.1 connection to their last byte, and no further (RFC 9112, 6.3).</summary>
internal sealed class HttpAnswers(Socket socket)
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;

    /// <exception cref="InvalidDataException">The answer is not a 200 that tells its length.</exception>
    public void Skip()
    {
        if (!ReadLine().StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidDataException("The page was not answered with 200.");
        }

        int? length = null;
        var isChunked = false;
        for (var line = ReadLine(); line.Length > 0; line = ReadLine())
        {
            if (Value(line, "Content-Length") is { IsEmpty: false } value)
            {
                length = int.Parse(value, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
            }

            isChunked |= !Value(line, "Transfer-Encoding").IsEmpty;
        }

        if (isChunked)
        {
            SkipChunks();
        }
        else
        {
            SkipBytes(length ?? throw new InvalidDataException("The answer does not tell its length."));
        }
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, string name) =>
        line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[(name.Length + 1)..] : default;

    private void SkipChunks()
    {
        int size;
        do
        {
            size = int.Parse(ReadLine(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            // Without trailers the last chunk, too, is followed by one empty line.
            SkipBytes(size + 2);
        }
        while (size > 0);
    }

    /// <summary>Valid until the next read.</summary>
    private ReadOnlySpan<byte> ReadLine()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            Receive();
        }

        var line = _buffer.AsSpan(_start, length);
        _start += length + 2;
        return line;
    }

    private void SkipBytes(int count)
    {
        while (_end - _start < count)
        {
            count -= _end - _start;
            _start = _end = 0;
            Receive();
        }

        _start += count;
    }

    private void Receive()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = socket.Receive(_buffer.AsSpan(_end));
        _end += read > 0 ? read : throw new InvalidDataException("The connection ended inside an answer.");
    }
}
