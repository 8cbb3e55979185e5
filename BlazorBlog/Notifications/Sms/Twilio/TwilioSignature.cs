using Microsoft.Extensions.Primitives;
using Twilio.Security;

namespace BlazorBlog.Notifications.Sms.Twilio;

/// <summary>Proves that a webhook call comes from Twilio (https://www.twilio.com/docs/usage/security#validating-requests).</summary>
public static class TwilioSignature
{
    public const string Header = "X-Twilio-Signature";

    /// <summary>Whether the signature was made for this call with this account's token. The comparison takes the same time for every wrong one.</summary>
    /// <param name="authToken">Of the account; never the secret of an API key.</param>
    /// <param name="signature">The header's value.</param>
    /// <param name="url">As Twilio called it, from our configuration: behind a proxy the request's own host is the inner one. With or without its port.</param>
    /// <param name="form">The decoded fields, all of them.</param>
    public static bool IsValid(string authToken, string? signature, string url, IEnumerable<KeyValuePair<string, StringValues>> form) =>
        !string.IsNullOrEmpty(signature)
        && new RequestValidator(authToken).Validate(url, form.ToDictionary(field => field.Key, field => Joined(field.Key, field.Value)), signature);

    // The SDK writes each key once. Of a repeated one Twilio signs the key before each of its different values.
    private static string Joined(string key, StringValues values) => string.Join(key, values.Distinct().Order(StringComparer.Ordinal));
}
