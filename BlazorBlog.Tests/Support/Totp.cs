using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace BlazorBlog.Support;

/// <summary>An authenticator app (RFC 6238): six digits of HMAC-SHA-1 over the half minutes since 1970.</summary>
public static class Totp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <param name="key">Base32, with or without spaces.</param>
    /// <param name="at">The clock of the phone.</param>
    /// <param name="later">Half minutes after <paramref name="at"/>: a code that was used opens nothing again, and the blog takes those of a clock that is a little off.</param>
    public static string Code(string key, DateTimeOffset at, int later = 0)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, (at.ToUnixTimeSeconds() / 30) + later);
#pragma warning disable CA5350 // The algorithm of the apps.
        var hash = HMACSHA1.HashData(Decode(key), counter);
#pragma warning restore CA5350
        // Dynamic truncation (RFC 4226, 5.3).
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & 0x7FFF_FFFF;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string key)
    {
        var bytes = new List<byte>();
        var (bits, count) = (0, 0);
        foreach (var letter in key.Where(letter => letter is not (' ' or '=')))
        {
            (bits, count) = ((bits << 5) | Base32.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal), count + 5);
            if (count >= 8)
            {
                count -= 8;
                bytes.Add((byte)(bits >> count));
                bits &= (1 << count) - 1;
            }
        }

        return [.. bytes];
    }
}
