using System.Buffers;
using System.Text;
using BlazorBlog.Accounts;

namespace BlazorBlog.Notifications.Email;

/// <summary>
/// Writes header fields. Only this class ends a line, and every other octet passes <see cref="Append"/>, which lets no control
/// character through: what a field says can therefore never become a second field or the body.
/// </summary>
public sealed class MimeHeaders(IBufferWriter<byte> output)
{
    /// <summary>Where lines are folded (RFC 5322, 2.1.1: should be 78; RFC 2047, 2: 76 with encoded words).</summary>
    private const int MaxLine = 76;

    private static readonly SearchValues<char> PhraseCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~ ");

    private int _column;
    private bool _atValue;

    /// <summary>A field of free text, e.g. Subject.</summary>
    public void Text(string name, string value)
    {
        Begin(name);
        var text = HeaderText.Clean(value);
        if (IsPlain(text))
        {
            Words(text);
        }
        else
        {
            Encoded(text);
        }

        End();
    }

    /// <summary>One mailbox: <c>Name &lt;local@domain&gt;</c>.</summary>
    public void Mailbox(string name, string? displayName, EmailAddress address)
    {
        Begin(name);
        Phrase(displayName);
        Token(displayName is null ? address.ToString() : $"<{address}>");
        End();
    }

    /// <summary>Message-IDs, each in angle brackets. What is none is left out, and nothing is written when none remains.</summary>
    public void MessageIds(string name, IEnumerable<string> ids)
    {
        var valid = ids.Where(MessageId.IsValid).ToList();
        if (valid.Count == 0)
        {
            return;
        }

        Begin(name);
        valid.ForEach(id => Token($"<{id}>"));
        End();
    }

    /// <summary>List-Id with its phrase (RFC 2919, 3); nothing when <paramref name="id"/> is no dotted name.</summary>
    public void List(string name, string? phrase, string id)
    {
        if (id.Length > 250 || !id.Split('.').All(label => label.Length > 0 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            return;
        }

        Begin(name);
        Phrase(phrase);
        Token($"<{id}>");
        End();
    }

    /// <summary>An address in angle brackets (RFC 2369, 2). False, and nothing written, when it would not fit into one line.</summary>
    public bool Link(string name, Uri uri)
    {
        var text = new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;
        // A line may have 998 octets, and an address cannot be folded.
        if (text.Length > 900 || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }

        Begin(name);
        Token($"<{text}>");
        End();
        return true;
    }

    /// <summary>A value of ours, written as it stands.</summary>
    public void Fixed(string name, string value)
    {
        Begin(name);
        Append(" ");
        Append(value);
        End();
    }

    /// <summary>The empty line between header and body.</summary>
    public void Close() => output.Write("\r\n"u8);

    private static bool IsPlain(string text) =>
        !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && !text.Contains("=?", StringComparison.Ordinal)
        && LongestWord(text) <= EncodedWords.MaxLength;

    private static int LongestWord(string text)
    {
        var longest = 0;
        foreach (var word in text.AsSpan().Split(' '))
        {
            longest = Math.Max(longest, word.End.Value - word.Start.Value);
        }

        return longest;
    }

    private void Phrase(string? value)
    {
        var text = HeaderText.Clean(value ?? "");
        if (text.Length == 0)
        {
            return;
        }

        if (!IsPlain(text))
        {
            Encoded(text);
        }
        else if (!text.AsSpan().ContainsAnyExcept(PhraseCharacters))
        {
            Words(text);
        }
        else if (text.Length <= MaxLine / 2)
        {
            Token($"\"{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }
        else
        {
            Encoded(text);
        }
    }

    private void Words(string text)
    {
        foreach (var word in text.AsSpan().Split(' '))
        {
            Token(text.AsSpan(word));
        }
    }

    private void Encoded(string text)
    {
        const int smallest = 28;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var room = MaxLine - _column - 1;
            var (word, consumed) = EncodedWords.First(rest, room < smallest ? EncodedWords.MaxLength : room);
            Token(word);
            rest = rest[consumed..];
        }
    }

    private void Begin(string name)
    {
        _column = 0;
        _atValue = true;
        Append(name);
        Append(":");
    }

    private void Token(ReadOnlySpan<char> token)
    {
        // A field whose first line holds its name only is legal, but some readers take it for an empty one.
        if (!_atValue && _column + 1 + token.Length > MaxLine)
        {
            End();
        }

        _atValue = false;
        Append(" ");
        Append(token);
    }

    private void End()
    {
        output.Write("\r\n"u8);
        _column = 0;
    }

    private void Append(ReadOnlySpan<char> text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        var written = Encoding.UTF8.GetBytes(text, span);
        foreach (ref var octet in span[..written])
        {
            octet = octet is < 0x20 or 0x7F ? (byte)'?' : octet;
        }

        output.Advance(written);
        _column += written;
    }
}
