using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace BlazorBlog.Notifications.Email;

/// <summary>The two encodings that carry any text in lines of at most 76 ASCII characters (RFC 2045, 6.7 and 6.8).</summary>
public static class TransferEncoding
{
    private const int MaxLine = 76;
    private const int BytesPerBase64Line = MaxLine / 4 * 3;

    public static void WriteBase64(ReadOnlySpan<byte> content, IBufferWriter<byte> output)
    {
        while (!content.IsEmpty)
        {
            var line = content[..Math.Min(BytesPerBase64Line, content.Length)];
            var target = output.GetSpan(MaxLine + 2);
            Base64.EncodeToUtf8(line, target, out _, out var written);
            "\r\n"u8.CopyTo(target[written..]);
            output.Advance(written + 2);
            content = content[line.Length..];
        }
    }

    /// <summary>CRLF in <paramref name="content"/> is a line break, and one more ends the whole; everything else that is not plain ASCII is escaped.</summary>
    public static void WriteQuotedPrintable(ReadOnlySpan<byte> content, IBufferWriter<byte> output)
    {
        for (var end = content.IndexOf("\r\n"u8); end >= 0; end = content.IndexOf("\r\n"u8))
        {
            WriteQuotedPrintableLine(content[..end], output);
            content = content[(end + 2)..];
        }

        WriteQuotedPrintableLine(content, output);
    }

    private static void WriteQuotedPrintableLine(ReadOnlySpan<byte> line, IBufferWriter<byte> output)
    {
        Span<byte> physical = stackalloc byte[MaxLine + 2];
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var b = line[i];
            // A blank at the end of a line may be lost on the way.
            var literal = (b is > (byte)' ' and <= (byte)'~' && b != '=') || (b is (byte)' ' or (byte)'\t' && i < line.Length - 1);
            var width = literal ? 1 : 3;
            // The last column is kept for the sign of a soft break.
            if (column + width > MaxLine - 1)
            {
                physical[column++] = (byte)'=';
                End(physical, column, output);
                column = 0;
            }

            if (literal)
            {
                physical[column] = b;
            }
            else
            {
                physical[column] = (byte)'=';
                Utf8Formatter.TryFormat(b, physical[(column + 1)..], out _, new StandardFormat('X', 2));
            }

            column += width;
        }

        End(physical, column, output);
    }

    private static void End(Span<byte> physical, int column, IBufferWriter<byte> output)
    {
        "\r\n"u8.CopyTo(physical[column..]);
        output.Write(physical[..(column + 2)]);
    }

    /// <summary>Skips what is no base64 and stops where the rest makes no sense.</summary>
    public static byte[] FromBase64(string text)
    {
        var digits = string.Concat(text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/'));
        // One digit alone carries no byte.
        var usable = digits.Length % 4 == 1 ? digits[..^1] : digits;
        return Convert.FromBase64String(usable.PadRight((usable.Length + 3) / 4 * 4, '='));
    }

    /// <summary>Takes each character for one byte (Latin-1) and leaves escapes that are none as they stand.</summary>
    public static byte[] FromQuotedPrintable(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                bytes.Add((byte)text[i]);
            }
            else if (byte.TryParse(text.AsSpan(i + 1, Math.Min(2, text.Length - i - 1)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b) && i + 2 < text.Length)
            {
                bytes.Add(b);
                i += 2;
            }
            else if (SoftBreak(text.AsSpan(i + 1)) is var length and > 0)
            {
                i += length;
            }
            else
            {
                bytes.Add((byte)'=');
            }
        }

        return [.. bytes];
    }

    private static int SoftBreak(ReadOnlySpan<char> rest)
    {
        var blanks = rest.Length - rest.TrimStart(" \t").Length;
        var after = rest[blanks..];
        return after.StartsWith("\r\n") ? blanks + 2 : after.StartsWith("\n") ? blanks + 1 : 0;
    }
}
