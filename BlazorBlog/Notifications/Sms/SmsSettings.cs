using BlazorBlog.Hosting;

namespace BlazorBlog.Notifications.Sms;

public enum SmsTransportKind { None, Twilio, CoolSms, File, Console, Memory }

public sealed class SmsSettings : ISettings
{
    public SmsTransportKind Transport { get; set; } = SmsTransportKind.None;

    /// <summary>Sender: E.164, or the national number registered with CoolSMS.</summary>
    public string? From { get; set; }

    /// <summary>ISO 3166 region whose national numbers are accepted without a country code.</summary>
    public string DefaultRegion { get; set; } = "KR";

    /// <summary>Numbers that get every comment of the blog.</summary>
    public IReadOnlyList<string> DefaultRecipients { get; set; } = [];

    /// <summary>Most SMS one number gets in 24 hours; 0 = no limit.</summary>
    public int DailyLimitPerRecipient { get; set; } = 20;

    public TwilioSettings Twilio { get; set; } = new();

    public CoolSmsSettings CoolSms { get; set; } = new();

    public IEnumerable<string> Validate(string section)
    {
        if (DailyLimitPerRecipient < 0)
        {
            yield return $"{section}:DailyLimitPerRecipient: must be 0 (no limit) or more.";
        }
    }
}

public sealed class TwilioSettings
{
    public string? AccountSid { get; set; }

    public string? AuthToken { get; set; }

    public string? MessagingServiceSid { get; set; }

    public Uri BaseUrl { get; set; } = new("https://api.twilio.com");
}

public sealed class CoolSmsSettings
{
    public string? ApiKey { get; set; }

    public string? ApiSecret { get; set; }

    public string? WebhookSecret { get; set; }

    public Uri BaseUrl { get; set; } = new("https://api.solapi.com");
}
