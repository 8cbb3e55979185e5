using System.Text;
using System.Text.RegularExpressions;

namespace BlazorBlog.Notifications.Email;

/// <summary>Words in other scripts inside of headers (RFC 2047).</summary>
public static partial class EncodedWords
{
    /// <summary>Longest encoded word, in characters (RFC 2047, 2).</summary>
    public const int MaxLength = 75;

    private const string Prefix = "=?utf-8?B?";
    private const string Suffix = "?=";
    private const int LongestRune = 4;

    /// <summary>
    /// The first word of <paramref name="text"/>, at most <paramref name="room"/> characters long but always of one code point at
    /// least, and how many UTF-16 units of the text it holds. A code point is never divided.
    /// </summary>
    public static (string Word, int Consumed) First(ReadOnlySpan<char> text, int room)
    {
        var capacity = Math.Max(LongestRune, (Math.Min(room, MaxLength) - Prefix.Length - Suffix.Length) / 4 * 3);
        Span<byte> bytes = stackalloc byte[MaxLength];
        var (written, consumed) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (written + rune.Utf8SequenceLength > capacity)
            {
                break;
            }

            written += rune.EncodeToUtf8(bytes[written..]);
            consumed += rune.Utf16SequenceLength;
        }

        return ($"{Prefix}{Convert.ToBase64String(bytes[..written])}{Suffix}", consumed);
    }

    /// <summary>Decodes what can be decoded and leaves the rest as it stands.</summary>
    public static string Decode(string value)
    {
        var decoded = new StringBuilder();
        var pending = new List<byte>();
        var charset = "";
        var position = 0;
        foreach (Match match in Word().Matches(value))
        {
            var between = value[position..match.Index];
            var adjacent = position > 0 && string.IsNullOrWhiteSpace(between);
            // Some senders divide one character over two words, so words of one charset are joined as bytes first.
            if (!adjacent || !charset.Equals(match.Groups["charset"].Value, StringComparison.OrdinalIgnoreCase))
            {
                Flush();
                decoded.Append(adjacent ? "" : between);
            }

            charset = match.Groups["charset"].Value;
            pending.AddRange(Bytes(match));
            position = match.Index + match.Length;
        }

        Flush();
        return decoded.Append(value.AsSpan(position)).ToString();

        void Flush()
        {
            decoded.Append(MimeCharset.Decode([.. pending], charset));
            pending.Clear();
        }
    }

    private static byte[] Bytes(Match match)
    {
        var text = match.Groups["text"].Value;
        return match.Groups["encoding"].Value is "B" or "b"
            ? TransferEncoding.FromBase64(text)
            : TransferEncoding.FromQuotedPrintable(text.Replace('_', ' '));
    }

    [GeneratedRegex(@"=\?(?<charset>[^?*\s]{1,40})(?:\*[^?\s]{0,20})?\?(?<encoding>[bBqQ])\?(?<text>[^?\s]*)\?=")]
    private static partial Regex Word();
}
