using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email.Smtp;

public sealed class SmtpAuthenticationTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PLAIN", SmtpAuth.Auto, "AUTH PLAIN AGJvdEBleGFtcGxlLmNvbQBzM2NyZXQ=")]
    [InlineData("LOGIN", SmtpAuth.Auto, "AUTH LOGIN")]
    [InlineData("LOGIN PLAIN", SmtpAuth.Auto, "AUTH PLAIN AGJvdEBleGFtcGxlLmNvbQBzM2NyZXQ=")]
    [InlineData("CRAM-MD5 XOAUTH2 LOGIN", SmtpAuth.Auto, "AUTH LOGIN")]
    [InlineData("LOGIN", SmtpAuth.Auto, "czNjcmV0")]
    [InlineData("PLAIN LOGIN", SmtpAuth.Login, "AUTH LOGIN")]
    [InlineData("PLAIN LOGIN", SmtpAuth.Plain, "AUTH PLAIN AGJvdEBleGFtcGxlLmNvbQBzM2NyZXQ=")]
    public async Task It_takes_what_the_server_offers_and_the_settings_allow(string offered, SmtpAuth auth, string expected)
    {
        await using var smtp = await StartAsync(offered);
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, auth, certificates);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        Assert.Equal("bot@example.com", Assert.Single(smtp.Messages).Username);
        Assert.Contains(expected, smtp.Commands);
    }

    [Theory]
    [InlineData("XOAUTH2", SmtpAuth.Auto)]
    [InlineData("CRAM-MD5", SmtpAuth.Auto)]
    [InlineData("PLAIN", SmtpAuth.Login)]
    [InlineData("LOGIN", SmtpAuth.Plain)]
    [InlineData("", SmtpAuth.Auto)]
    public async Task Without_a_common_mechanism_nothing_is_sent(string offered, SmtpAuth auth)
    {
        await using var smtp = await StartAsync(offered, require: false);
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, auth, certificates);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Configuration), (result.Outcome, result.Fault));
        Assert.Empty(smtp.Messages);
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task A_wrong_password_stops_the_channel_and_sends_nothing(string offered)
    {
        // The server would take the mail without authentication, too: it must not get it.
        await using var smtp = await StartAsync(offered, require: false);
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, SmtpAuth.Auto, certificates, password: "wrong");

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Authentication, "535 5.7.8"), (result.Outcome, result.Fault, result.Code));
        Assert.Empty(smtp.Messages);
        Assert.DoesNotContain(smtp.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("534 5.7.9 application password needed", ChannelFault.Authentication)]
    [InlineData("454 4.7.0 temporary failure", ChannelFault.Authentication)]
    [InlineData("501 malformed", ChannelFault.Authentication)]
    [InlineData("421 4.7.0 too many attempts", ChannelFault.Connection)]
    public async Task Every_refused_authentication_stops_the_channel(string reply, ChannelFault fault)
    {
        await using var smtp = await StartAsync("PLAIN", require: false);
        smtp.On("AUTH", reply);
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, SmtpAuth.Auto, certificates);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, fault), (result.Outcome, result.Fault));
        Assert.Empty(smtp.Messages);
    }

    [Theory]
    [InlineData(SmtpAuth.Auto)]
    [InlineData(SmtpAuth.XOAuth2)]
    public async Task A_token_is_bought_once_for_several_connections(SmtpAuth auth)
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        await using var smtp = await StartAsync("PLAIN XOAUTH2");
        smtp.Options.AccessToken = "token-1";
        using var tokens = oauth.Tokens();
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, auth, certificates, tokens: tokens, connections: 3);

        var results = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => transport.SendAsync(Mails.New(), Stop)));

        Assert.All(results, result => Assert.Equal(SendOutcome.Accepted, result.Outcome));
        Assert.All(smtp.Messages, taken => Assert.Equal("bot@example.com", taken.Username));
        Assert.Equal(1, oauth.Requests);
        Assert.Contains("AUTH XOAUTH2 dXNlcj1ib3RAZXhhbXBsZS5jb20BYXV0aD1CZWFyZXIgdG9rZW4tMQEB", smtp.Commands);
        Assert.DoesNotContain(smtp.Commands, command => command.StartsWith("AUTH PLAIN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_revoked_token_is_renewed_once()
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        await using var smtp = await StartAsync("XOAUTH2");
        smtp.Options.AccessToken = "token-2";
        using var tokens = oauth.Tokens();
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, SmtpAuth.XOAuth2, certificates, tokens: tokens);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        Assert.Equal(2, oauth.Requests);
        // The refusal came as a question, which has to be answered before the server ends it.
        Assert.Contains("", smtp.Commands);
    }

    [Fact]
    public async Task A_mailbox_that_takes_no_token_stops_the_channel_after_two()
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        await using var smtp = await StartAsync("XOAUTH2", require: false);
        using var tokens = oauth.Tokens();
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, SmtpAuth.XOAuth2, certificates, tokens: tokens);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Authentication, "535 5.7.8"), (result.Outcome, result.Fault, result.Code));
        Assert.Equal(2, oauth.Requests);
        Assert.Empty(smtp.Messages);
    }

    [Fact]
    public async Task Without_a_token_no_connection_is_made()
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        oauth.Answer = (400, """{"error":"invalid_grant","error_description":"revoked for bot@example.com"}""");
        await using var smtp = await StartAsync("XOAUTH2", require: false);
        using var tokens = oauth.Tokens();
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, SmtpAuth.XOAuth2, certificates, tokens: tokens);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(SendResult.ChannelDown(ChannelFault.Authentication, "oauth 400", "The token server refused: invalid_grant."), result);
        Assert.Equal(0, smtp.Connections);
    }

    private Task<FakeSmtpServer> StartAsync(string offered, bool require = true) => FakeSmtpServer.StartAsync(options =>
    {
        options.Certificate = certificates.Issue("127.0.0.1");
        options.StartTls = true;
        options.Auth = offered.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        options.RequireAuth = require;
    });
}
