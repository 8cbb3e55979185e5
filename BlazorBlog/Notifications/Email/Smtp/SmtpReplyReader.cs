using System.Text;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>Cuts the octets of a server into replies. One per connection; not for concurrent use.</summary>
public sealed class SmtpReplyReader
{
    /// <summary>An EHLO answer of a large provider has some 300 octets; more than this is no mail server.</summary>
    private const int MaxReply = 16 * 1024;

    private byte[] _buffer = new byte[1024];
    private int _start;
    private int _end;

    /// <summary>Octets came that nobody asked for yet.</summary>
    public bool HasUnread => _start < _end;

    /// <exception cref="IOException">The connection ended.</exception>
    /// <exception cref="InvalidDataException">What came is no SMTP reply.</exception>
    public async ValueTask<SmtpReply> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake() is { } reply)
            {
                return reply;
            }

            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException("The server closed the connection.");
            }

            _end += read;
        }
    }

    private SmtpReply? TryTake()
    {
        var unread = _buffer.AsSpan(_start, _end - _start);
        var position = 0;
        while (unread[position..].IndexOf((byte)'\n') is var length and >= 0)
        {
            var line = unread.Slice(position, length).TrimEnd((byte)'\r');
            position += length + 1;
            if (CodeOf(line) is not { } code)
            {
                throw new InvalidDataException("The server's answer is not SMTP.");
            }

            if (line.Length == 3 || line[3] == ' ')
            {
                _start += position;
                return new SmtpReply(code, TextOf(unread[..position]));
            }
        }

        return null;
    }

    private static int? CodeOf(ReadOnlySpan<byte> line) =>
        line.Length >= 3 && line[0] is >= (byte)'2' and <= (byte)'5' && char.IsAsciiDigit((char)line[1]) && char.IsAsciiDigit((char)line[2])
        && (line.Length == 3 || line[3] is (byte)' ' or (byte)'-')
            ? ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + line[2] - '0'
            : null;

    private static string TextOf(ReadOnlySpan<byte> lines)
    {
        var text = new StringBuilder(lines.Length);
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range].TrimEnd((byte)'\r');
            if (line.Length > 4)
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(Encoding.UTF8.GetString(line[4..]));
            }
        }

        return text.ToString();
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == MaxReply)
        {
            throw new InvalidDataException("The server's answer does not end.");
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(MaxReply, _buffer.Length * 2));
        }
    }
}
