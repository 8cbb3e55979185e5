using System.Text.RegularExpressions;

namespace BlazorBlog.Notifications.Sms.Twilio;

public sealed partial class TwilioSettings
{
    public string? AccountSid { get; set; }

    public string? AuthToken { get; set; }

    /// <summary>Takes the place of Sms:From when set: the service chooses the sender.</summary>
    public string? MessagingServiceSid { get; set; }

    public Uri BaseUrl { get; set; } = new("https://api.twilio.com");

    internal IEnumerable<string> Validate(string section, SmsSettings sms)
    {
        if (AccountSid is null || !Sid("AC").IsMatch(AccountSid))
        {
            yield return $"{section}:Twilio:AccountSid: required with {section}:Transport=Twilio: AC and 32 hexadecimal digits.";
        }

        if (AuthToken is null)
        {
            yield return $"{section}:Twilio:AuthToken: required with {section}:Transport=Twilio.";
        }

        if (MessagingServiceSid is not null && !Sid("MG").IsMatch(MessagingServiceSid))
        {
            yield return $"{section}:Twilio:MessagingServiceSid: must be MG and 32 hexadecimal digits.";
        }

        if (sms.From is null && MessagingServiceSid is null)
        {
            yield return $"{section}:From: required with {section}:Transport=Twilio, unless {section}:Twilio:MessagingServiceSid is set.";
        }

        if (sms.From is not null && sms.E164(sms.From) is null && !ShortCode().IsMatch(sms.From) && !SenderName().IsMatch(sms.From))
        {
            yield return $"{section}:From: must be a telephone number such as +15005550006, a short code, or a name of at most 11 letters and digits.";
        }

        if (ProviderClient.AddressError(BaseUrl) is { } error)
        {
            yield return $"{section}:Twilio:BaseUrl: {error}";
        }
    }

    private static Regex Sid(string prefix) => new($"^{prefix}[0-9a-fA-F]{{32}}$", RegexOptions.CultureInvariant);

    [GeneratedRegex("^[0-9]{3,8}$", RegexOptions.CultureInvariant)]
    private static partial Regex ShortCode();

    [GeneratedRegex("^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$", RegexOptions.CultureInvariant)]
    private static partial Regex SenderName();
}
