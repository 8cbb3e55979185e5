using Microsoft.Extensions.Primitives;

namespace BlazorBlog.Notifications.Sms.Twilio;

public sealed class TwilioSignatureTests
{
    private const string Token = "12345678901234567890123456789012";
    private const string Inbound = "https://blog.example.com/hooks/twilio/inbound?tenant=1";

    private static readonly Dictionary<string, StringValues> Call = new()
    {
        ["CallSid"] = "CA1234567890ABCDE",
        ["Caller"] = "+14158675309",
        ["Digits"] = "1234",
        ["From"] = "+14158675309",
        ["To"] = "+18005551212",
    };

    [Theory]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    [InlineData("https://MyCompany.com/myapp.php?foo=1&bar=2", "g9IN/x4Cft2g517EjYvEvM/W7LU=")]
    public void The_vectors_of_the_provider_are_valid(string url, string signature) =>
        Assert.True(TwilioSignature.IsValid("12345", signature, url, Call));

    [Theory]
    [InlineData("STOP", "lI8DJUuqQHKk04R2tGoIc7Yebrk=")]
    [InlineData("안녕하세요 댓글 확인", "qcQ9QigyVsZw8OcYu2Nwq3FbSvE=")]
    public void Inbound_messages_in_any_script_are_valid(string body, string signature) =>
        Assert.True(TwilioSignature.IsValid(Token, signature, Inbound, Message(body)));

    [Fact]
    public void A_status_callback_is_valid()
    {
        var fields = new Dictionary<string, StringValues>
        {
            ["AccountSid"] = Sid("AC", 1),
            ["ApiVersion"] = "2010-04-01",
            ["ErrorCode"] = "30003",
            ["From"] = "+15005550006",
            ["MessageSid"] = Sid("SM", 3),
            ["MessageStatus"] = "undelivered",
            ["SmsSid"] = Sid("SM", 3),
            ["SmsStatus"] = "undelivered",
            ["To"] = "+821012345678",
        };
        Assert.True(TwilioSignature.IsValid(Token, "htQ6fRPVM//1dqviarbD7DqmMsQ=", "https://blog.example.com/hooks/twilio/status", fields));
    }

    [Fact]
    public void The_order_of_the_fields_does_not_matter() =>
        Assert.True(TwilioSignature.IsValid("12345", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "https://mycompany.com/myapp.php?foo=1&bar=2", Call.Reverse()));

    [Fact]
    public void Repeated_keys_are_signed_once_for_each_different_value()
    {
        var repeated = new Dictionary<string, StringValues> { ["MediaUrl"] = new(["b", "a", "b"]) };
        var single = new Dictionary<string, StringValues> { ["MediaUrl"] = "aMediaUrlb" };
        var signature = Signed("https://blog.example.com/", single);

        Assert.True(TwilioSignature.IsValid(Token, signature, "https://blog.example.com/", repeated));
    }

    [Theory]
    [InlineData("http://blog.example.com:80/x", "http://blog.example.com/x")]
    [InlineData("https://[2001:db8::1]:443/x", "https://[2001:db8::1]/x")]
    [InlineData("https://blog.example.com/x", "https://blog.example.com:8443/x")]
    public void A_port_that_only_one_side_writes_does_not_matter(string called, string known) =>
        Assert.True(TwilioSignature.IsValid(Token, Signed(called, []), known, []));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("안녕")]
    [InlineData("lI8DJUuqQHKk04R2tGoIc7YebrK=")]
    [InlineData("LI8DJUuqQHKk04R2tGoIc7Yebrk=")]
    public void A_wrong_signature_is_not(string? signature) =>
        Assert.False(TwilioSignature.IsValid(Token, signature, Inbound, Message("STOP")));

    [Fact]
    public void Another_body_address_or_token_is_not()
    {
        const string signature = "lI8DJUuqQHKk04R2tGoIc7Yebrk=";
        Assert.False(TwilioSignature.IsValid(Token, signature, Inbound, Message("START")));
        Assert.False(TwilioSignature.IsValid(Token, signature, Inbound.Replace("tenant=1", "tenant=2", StringComparison.Ordinal), Message("STOP")));
        Assert.False(TwilioSignature.IsValid(Token[1..], signature, Inbound, Message("STOP")));
    }

    private static string Signed(string url, Dictionary<string, StringValues> fields) => Support.FakeTwilioServer
        .Webhook(new Uri("http://localhost"), url, fields.Select(field => KeyValuePair.Create(field.Key, field.Value.ToString())))
        .Headers.GetValues(TwilioSignature.Header).Single();

    private static Dictionary<string, StringValues> Message(string body) => new()
    {
        ["AccountSid"] = Sid("AC", 1),
        ["ApiVersion"] = "2010-04-01",
        ["Body"] = body,
        ["From"] = "+821012345678",
        ["MessageSid"] = Sid("SM", 2),
        ["NumMedia"] = "0",
        ["NumSegments"] = "1",
        ["SmsSid"] = Sid("SM", 2),
        ["SmsStatus"] = "received",
        ["To"] = "+15005550006",
    };

    private static string Sid(string prefix, int number) => $"{prefix}{number:D32}";
}
