using System.Text.RegularExpressions;

namespace BlazorBlog.Notifications.Sms.CoolSms;

public sealed partial class CoolSmsSettings
{
    public string? ApiKey { get; set; }

    public string? ApiSecret { get; set; }

    /// <summary>Unguessable last part of the report address, /webhooks/coolsms/{secret}; without one there is no such address.</summary>
    public string? WebhookSecret { get; set; }

    public Uri BaseUrl { get; set; } = new("https://api.solapi.com");

    /// <summary>A sender registered with the provider, as it is sent: 8 to 11 digits in national form (1588-1234, 02-123-4567); null when it is none.</summary>
    internal static string? Sender(SmsSettings sms)
    {
        if (PhoneNumber.TryParse(sms.From, "KR", out var number))
        {
            return number.Region == "KR" ? Digits(number) : null;
        }

        // The provider keeps the register of senders, and may know company numbers that the library does not.
        var digits = sms.From?.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return digits is not null && SenderDigits().IsMatch(digits) ? digits : null;
    }

    /// <summary>As the provider takes a number beside its country code: a Korean one as it is dialled there, any other without trunk prefix.</summary>
    internal static string Digits(PhoneNumber number) =>
        number.Region == "KR" ? string.Concat(number.National.Where(char.IsAsciiDigit)) : number.Subscriber;

    internal IEnumerable<string> Validate(string section, SmsSettings sms)
    {
        if (ApiKey is null)
        {
            yield return $"{section}:CoolSms:ApiKey: required with {section}:Transport=CoolSms.";
        }

        if (ApiSecret is null)
        {
            yield return $"{section}:CoolSms:ApiSecret: required with {section}:Transport=CoolSms.";
        }

        if (Sender(sms) is null)
        {
            yield return $"{section}:From: required with {section}:Transport=CoolSms: the registered Korean sender number, 8 to 11 digits in national form.";
        }

        if (WebhookSecret is not null && !PathSegment().IsMatch(WebhookSecret))
        {
            yield return $"{section}:CoolSms:WebhookSecret: stands in an address: letters, digits, - and _ only.";
        }

        if (ProviderClient.AddressError(BaseUrl) is { } error)
        {
            yield return $"{section}:CoolSms:BaseUrl: {error}";
        }
    }

    [GeneratedRegex("^[0-9]{8,11}$", RegexOptions.CultureInvariant)]
    private static partial Regex SenderDigits();

    [GeneratedRegex("^[A-Za-z0-9_-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex PathSegment();
}
