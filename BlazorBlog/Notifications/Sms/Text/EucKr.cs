using System.Text;
using BlazorBlog.Hosting;

namespace BlazorBlog.Notifications.Sms.Text;

/// <summary>The encoding of Korean SMS: KS X 1001 in EUC-KR, ASCII one byte and everything else two.</summary>
public static class EucKr
{
    /// <summary>Longest SMS in bytes; more travels as LMS.</summary>
    public const int SmsBytes = 90;

    /// <summary>Longest LMS in bytes.</summary>
    public const int LmsBytes = 2000;

    // Code page 51949 is KS X 1001 alone; 949 would let syllables through that the carriers refuse (SOLAPI 1029).
    private static readonly Encoding Strict = OpenStrict();

    public static bool CanEncode(Rune rune)
    {
        try
        {
            return Strict.GetByteCount(rune.ToString()) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>The text as it can be sent.</summary>
    public static string Encodable(string text) => PlainText.For(CanEncode, text);

    /// <summary>Size of the text after <see cref="Encodable"/>; one SMS up to 90 bytes, else one LMS.</summary>
    public static SmsSize Measure(string text)
    {
        var bytes = ByteCount(Encodable(text));
        return new SmsSize(bytes <= SmsBytes ? "EUC-KR SMS" : "EUC-KR LMS", bytes, Math.Min(bytes, 1));
    }

    /// <summary>As an SMS when the text without its title is one, else as an LMS; the title takes what is left.</summary>
    public static string Fit(SmsText text)
    {
        if (text is { Name: { } name, Unnamed: { } unnamed } && !IsShown(name))
        {
            text = unnamed;
        }

        var plain = text with
        {
            Before = Encodable(text.Before),
            Title = PlainText.OneLine(Encodable(text.Title)),
            After = Encodable(text.After),
        };
        return SmsTextTruncator.Shorten(plain, "…", whole => ByteCount(whole) switch
        {
            <= SmsBytes => 1,
            <= LmsBytes => 2,
            _ => 3,
        });
    }

    /// <summary>The longest beginning, cut between characters, that is no longer than <paramref name="bytes"/>.</summary>
    public static string Beginning(string text, int bytes)
    {
        var plain = Encodable(text);
        var end = 0;
        foreach (var c in plain)
        {
            bytes -= ByteCount(c.ToString());
            if (bytes < 0)
            {
                break;
            }

            end++;
        }

        return plain[..end].TrimEnd();
    }

    /// <summary>A letter that the encoding lacks is a question mark; a name of these alone is none.</summary>
    private static bool IsShown(string name) => TypedText.IsSeen(Encodable(name).Replace('?', ' '));

    private static int ByteCount(string encodable) => Strict.GetByteCount(encodable);

    private static Encoding OpenStrict()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(51949, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
    }
}
