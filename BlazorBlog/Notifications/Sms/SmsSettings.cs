using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Sms.CoolSms;
using BlazorBlog.Notifications.Sms.Twilio;

namespace BlazorBlog.Notifications.Sms;

public sealed class SmsSettings : ISettings
{
    private const string Korea = "KR";

    public SmsTransportKind Transport { get; set; } = SmsTransportKind.None;

    /// <summary>Sender: E.164, a short code or a name with Twilio; the national number registered with CoolSMS.</summary>
    public string? From { get; set; }

    /// <summary>ISO 3166 region whose national numbers are accepted and shown without a country code.</summary>
    public string DefaultRegion { get; set; } = Korea;

    /// <summary>Numbers that get every comment of the blog.</summary>
    public IReadOnlyList<string> DefaultRecipients { get; set; } = [];

    /// <summary>Most SMS one number gets in 24 hours; 0 = no limit.</summary>
    public int DailyLimitPerRecipient { get; set; } = 20;

    /// <summary>Where the File transport writes; relative to the content root.</summary>
    public string Directory { get; set; } = "App_Data/outbox";

    public TwilioSettings Twilio { get; set; } = new();

    public CoolSmsSettings CoolSms { get; set; } = new();

    /// <summary><see cref="DefaultRecipients"/> in E.164, each once.</summary>
    public IReadOnlyList<string> DefaultNumbers => [.. DefaultRecipients.Select(E164).OfType<string>().Distinct()];

    /// <summary>The number in E.164, read with <see cref="DefaultRegion"/>; null when it is none.</summary>
    public string? E164(string number) => PhoneNumber.TryParse(number, DefaultRegion, out var parsed) ? parsed.E164 : null;

    public IEnumerable<string> Validate(string section)
    {
        if (DailyLimitPerRecipient < 0)
        {
            yield return $"{section}:DailyLimitPerRecipient: must be 0 (no limit) or more.";
        }

        // The default is not validated: a blog without SMS would load the library's tables for nothing.
        if (DefaultRegion != Korea && !PhoneNumber.IsRegion(DefaultRegion))
        {
            yield return $"{section}:DefaultRegion: '{DefaultRegion}' is no ISO 3166 region with telephone numbers. Use its two letters, such as KR or US.";
            yield break;
        }

        foreach (var (index, number) in DefaultRecipients.Index())
        {
            if (E164(number) is null)
            {
                yield return $"{section}:DefaultRecipients: entry {index + 1} is neither an international number (+82…) nor a national one of {DefaultRegion}.";
            }
        }

        var errors = Transport switch
        {
            SmsTransportKind.Twilio => Twilio.Validate(section, this),
            SmsTransportKind.CoolSms => CoolSms.Validate(section, this),
            _ => [],
        };
        foreach (var error in errors)
        {
            yield return error;
        }
    }
}

public enum SmsTransportKind { None, Twilio, CoolSms, File, Console, Memory }

public static class SmsTransportKinds
{
    /// <summary>Each message is paid for; the other transports are for developing.</summary>
    public static bool WritesToPeople(this SmsTransportKind transport) => transport is SmsTransportKind.Twilio or SmsTransportKind.CoolSms;
}
