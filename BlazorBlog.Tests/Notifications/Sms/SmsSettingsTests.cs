using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Sms;

public sealed class SmsSettingsTests
{
    private static readonly (string Key, string Value)[] Twilio =
    [
        ("Transport", "Twilio"),
        ("From", "+15005550006"),
        ("Twilio:AccountSid", "AC00000000000000000000000000000001"),
        ("Twilio:AuthToken", "secret"),
    ];

    private static readonly (string Key, string Value)[] CoolSms =
    [
        ("Transport", "CoolSms"),
        ("From", "02-123-4567"),
        ("CoolSms:ApiKey", "key"),
        ("CoolSms:ApiSecret", "secret"),
    ];

    [Fact]
    public void Nothing_is_required_without_a_provider() => Assert.Empty(Errors());

    [Fact]
    public void Complete_settings_are_accepted()
    {
        Assert.Empty(Errors(Twilio));
        Assert.Empty(Errors(CoolSms));
    }

    [Theory]
    [InlineData("Twilio:AccountSid", "")]
    [InlineData("Twilio:AccountSid", "AC123")]
    [InlineData("Twilio:AccountSid", "SK00000000000000000000000000000001")]
    [InlineData("Twilio:AuthToken", "")]
    [InlineData("From", "")]
    [InlineData("From", "a name too long for a sender")]
    [InlineData("Twilio:MessagingServiceSid", "MG1")]
    [InlineData("Twilio:BaseUrl", "http://api.twilio.example")]
    [InlineData("Twilio:BaseUrl", "https://user:password@api.twilio.example")]
    [InlineData("Twilio:BaseUrl", "https://api.twilio.example?x=1")]
    public void A_wrong_twilio_value_names_its_key(string key, string value) =>
        Assert.StartsWith($"Sms:{key}: ", Assert.Single(Errors([.. Twilio, (key, value)])), StringComparison.Ordinal);

    [Theory]
    [InlineData("CoolSms:ApiKey", "")]
    [InlineData("CoolSms:ApiSecret", "")]
    [InlineData("From", "")]
    [InlineData("From", "+15005550006")]
    [InlineData("From", "MyBlog")]
    [InlineData("CoolSms:WebhookSecret", "with/slash")]
    [InlineData("CoolSms:BaseUrl", "http://api.solapi.example")]
    public void A_wrong_coolsms_value_names_its_key(string key, string value) =>
        Assert.StartsWith($"Sms:{key}: ", Assert.Single(Errors([.. CoolSms, (key, value)])), StringComparison.Ordinal);

    [Theory]
    [InlineData("DefaultRegion", "XX")]
    [InlineData("DefaultRegion", "KOR")]
    [InlineData("DefaultRegion", "82")]
    [InlineData("DefaultRegion", "001")]
    [InlineData("DefaultRecipients", "010-1234-5678, 12345")]
    [InlineData("DailyLimitPerRecipient", "-1")]
    [InlineData("Transport", "Pigeon")]
    [InlineData("Twilio:Sid", "AC")]
    public void Other_wrong_values_name_their_key(string key, string value) =>
        Assert.StartsWith($"Sms:{key}: ", Assert.Single(Errors((key, value))), StringComparison.Ordinal);

    [Theory]
    [InlineData("From", "12345")]
    [InlineData("From", "My Blog")]
    [InlineData("From", "010-1234-5678")]
    [InlineData("Twilio:BaseUrl", "http://127.0.0.1:5555/prefix")]
    public void Short_codes_names_national_numbers_and_local_addresses_are_accepted(string key, string value) =>
        Assert.Empty(Errors([.. Twilio, (key, value)]));

    [Fact]
    public void A_messaging_service_needs_no_sender() =>
        Assert.Empty(Errors([.. Twilio, ("From", ""), ("Twilio:MessagingServiceSid", "MG00000000000000000000000000000001")]));

    [Fact]
    public void No_error_repeats_a_telephone_number() =>
        Assert.DoesNotContain("010-1234-56789", Assert.Single(Errors(("DefaultRecipients", "010-1234-56789"))), StringComparison.Ordinal);

    [Fact]
    public void Default_recipients_are_known_in_e164_each_once()
    {
        var (settings, errors) = Read(("DefaultRecipients", "010-1234-5678, +82 10 1234 5678, +1 415 555 2671"));
        Assert.Empty(errors);
        Assert.Equal(["+821012345678", "+14155552671"], settings.DefaultNumbers);
    }

    [Theory]
    [InlineData("KR", "010-1234-5678", "+821012345678")]
    [InlineData("kr", "010-1234-5678", "+821012345678")]
    [InlineData("NG", "0803 123 4567", "+2348031234567")]
    [InlineData("XK", "043 201 234", "+38343201234")]
    public void Any_region_may_be_the_default(string region, string number, string e164)
    {
        var (settings, errors) = Read(("DefaultRegion", region), ("DefaultRecipients", number));
        Assert.Empty(errors);
        Assert.Equal([e164], settings.DefaultNumbers);
    }

    private static IReadOnlyCollection<string> Errors(params (string Key, string Value)[] values) => Read(values).Errors;

    private static (SmsSettings Settings, IReadOnlyList<string> Errors) Read(params (string Key, string Value)[] values) =>
        WrittenSettings.Read<SmsSettings>("Sms", values.GroupBy(value => value.Key).Select(group => ($"Sms:{group.Key}", (string?)group.Last().Value)));
}
