using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace BlazorBlog.Notifications.Sms.CoolSms;

/// <summary>
/// The Authorization header of SOLAPI (https://developers.solapi.com, api-key): an HMAC over date and salt. A signature is good once within
/// 15 minutes, so every attempt gets a salt of its own, repetitions included.
/// </summary>
public static class CoolSmsAuthorization
{
    public const string Scheme = "HMAC-SHA256";

    public static AuthenticationHeaderValue Create(string apiKey, string apiSecret, TimeProvider time)
    {
        var date = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var salt = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return new AuthenticationHeaderValue(Scheme, $"apiKey={apiKey}, date={date}, salt={salt}, signature={Sign(apiSecret, date, salt)}");
    }

    /// <summary>Lower-case hexadecimal; <paramref name="date"/> and <paramref name="salt"/> exactly as in the header.</summary>
    public static string Sign(string apiSecret, string date, string salt) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(apiSecret), Encoding.UTF8.GetBytes(date + salt)));
}
