using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace BlazorBlog.Support;

/// <summary>Makes the codes that a phone would show (RFC 6238: HMAC-SHA1, six digits, steps of half a minute).</summary>
public static class AuthenticatorApp
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private const int SecondsPerStep = 30;

    /// <param name="secret">As the page shows it, in groups of letters.</param>
    /// <param name="steps">Steps from now.</param>
    public static string Code(string secret, int steps = 0) =>
        CodeAt(Key(secret), (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / SecondsPerStep) + steps, 6);

    [SuppressMessage("Security", "CA5350", Justification = "Authenticator apps know no other.")]
    internal static string CodeAt(byte[] key, long step, int digits)
    {
        var counter = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        var hash = HMACSHA1.HashData(key, counter);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xf)) & int.MaxValue;
        return (number % (int)BigInteger.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    private static byte[] Key(string secret)
    {
        var bits = string.Concat(secret.Where(char.IsAsciiLetterOrDigit).Select(letter => $"{Letters.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal):b5}"));
        return [.. bits.Chunk(8).Where(bits => bits.Length == 8).Select(bits => Convert.ToByte(new string(bits), 2))];
    }
}
