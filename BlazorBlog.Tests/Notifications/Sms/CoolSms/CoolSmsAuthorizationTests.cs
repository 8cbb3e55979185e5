namespace BlazorBlog.Notifications.Sms.CoolSms;

public sealed class CoolSmsAuthorizationTests
{
    private const string Secret = "SECRETSECRETSECRETSECRETSECRET12";

    [Theory]
    [InlineData("2019-07-01T00:41:48Z", "jqsba2jxjnrjor", "8ad428e4ba332410b39fc5013ab8d1b5e2c4c952a46c8b5cb474ad9bdc03d598")]
    [InlineData("2026-01-02T03:04:05Z", "0123456789abcdef0123456789abcdef", "26c1883abfea8f7d3d902f8c58f4d10b86ce931b529660180f1dbba14e9dc62c")]
    public void The_signature_covers_date_and_salt(string date, string salt, string signature) =>
        Assert.Equal(signature, CoolSmsAuthorization.Sign(Secret, date, salt));

    [Fact]
    public void Every_header_has_a_salt_of_its_own()
    {
        var headers = Enumerable.Range(0, 100).Select(_ => CoolSmsAuthorization.Create("key", Secret, TimeProvider.System).Parameter).ToHashSet();
        Assert.Equal(100, headers.Count);
        Assert.All(headers, header =>
            Assert.Matches("^apiKey=key, date=[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z, salt=[0-9a-f]{32}, signature=[0-9a-f]{64}$", header));
    }
}
