using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email.Smtp;

public sealed class SmtpSecurityTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Tls)]
    public async Task Mail_and_credentials_go_over_tls(SmtpSecurity security)
    {
        await using var smtp = await StartAsync(security, "127.0.0.1");
        await using var transport = SmtpTransports.To(smtp, security, SmtpAuth.Auto, certificates);

        var results = new[] { await transport.SendAsync(Mails.New(), Stop), await transport.SendAsync(Mails.New(), Stop) };

        Assert.All(results, result => Assert.Equal(SendOutcome.Accepted, result.Outcome));
        Assert.All(smtp.Messages, taken => Assert.Equal((true, "bot@example.com"), (taken.OverTls, taken.Username)));
        Assert.Equal(1, smtp.Connections);
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Tls)]
    public async Task The_name_of_the_certificate_is_checked_even_with_a_private_authority(SmtpSecurity security)
    {
        await using var smtp = await StartAsync(security, "mail.example.com");
        await using var transport = SmtpTransports.To(smtp, security, SmtpAuth.Auto, certificates);

        await AssertUntrustedAsync(smtp, transport, "another host");
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Tls)]
    public async Task An_unknown_authority_is_not_trusted(SmtpSecurity security)
    {
        await using var smtp = await StartAsync(security, "127.0.0.1");
        await using var transport = SmtpTransports.To(smtp, security, SmtpAuth.Auto);

        await AssertUntrustedAsync(smtp, transport, "not trusted");
    }

    [Fact]
    public async Task Another_private_authority_is_not_trusted()
    {
        using var others = new TestCertificates();
        await using var smtp = await StartAsync(SmtpSecurity.Tls, "127.0.0.1");
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.Tls, SmtpAuth.Auto, others);

        await AssertUntrustedAsync(smtp, transport, "not trusted");
    }

    [Fact]
    public async Task Host_names_are_checked_too()
    {
        await using var smtp = await StartAsync(SmtpSecurity.Tls, "localhost");
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.Tls, SmtpAuth.Auto, certificates, host: "localhost");

        Assert.Equal(SendOutcome.Accepted, (await transport.SendAsync(Mails.New(), Stop)).Outcome);
    }

    [Fact]
    public async Task Without_starttls_nothing_is_sent()
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Auth = ["PLAIN"]);
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, SmtpAuth.Auto, certificates);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Configuration), (result.Outcome, result.Fault));
        Assert.DoesNotContain(smtp.Commands, command => !command.StartsWith("EHLO", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("454 4.7.0 TLS not available", ChannelFault.Connection)]
    [InlineData("502 5.5.1 no", ChannelFault.Configuration)]
    public async Task A_refused_starttls_ends_the_conversation(string reply, ChannelFault fault)
    {
        await using var smtp = await StartAsync(SmtpSecurity.StartTls, "127.0.0.1");
        smtp.On("STARTTLS", reply);
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, SmtpAuth.Auto, certificates);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, fault), (result.Outcome, result.Fault));
        Assert.Empty(smtp.Messages);
    }

    [Fact]
    public async Task Replies_slipped_in_before_tls_are_not_believed()
    {
        await using var smtp = await StartAsync(SmtpSecurity.StartTls, "127.0.0.1");
        smtp.On("STARTTLS", "220 2.0.0 go ahead\n250-mail.example.com\n250-SIZE 1\n250 AUTH LOGIN");
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, SmtpAuth.Auto, certificates);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        Assert.True(Assert.Single(smtp.Messages).OverTls);
        Assert.Contains(smtp.Commands, command => command.StartsWith("AUTH PLAIN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_offered_in_clear_is_forgotten()
    {
        await using var smtp = await StartAsync(SmtpSecurity.StartTls, "127.0.0.1");
        var hellos = 0;
        smtp.On("EHLO", _ => Interlocked.Increment(ref hellos) == 1 ? "250-fake\n250-PIPELINING\n250-SMTPUTF8\n250-8BITMIME\n250 STARTTLS" : "250-fake\n250 AUTH PLAIN");
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.StartTls, SmtpAuth.Auto, certificates);

        var ascii = await transport.SendAsync(Mails.New(), Stop);
        var international = await transport.SendAsync(Mails.New("진@example.com"), Stop);

        Assert.Equal(SendOutcome.Accepted, ascii.Outcome);
        Assert.False(Assert.Single(smtp.Messages).Pipelined);
        Assert.Equal(SendOutcome.Permanent, international.Outcome);
    }

    [Fact]
    public async Task Credentials_are_never_sent_in_clear()
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Auth = ["PLAIN", "LOGIN"]);
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.None, SmtpAuth.Auto);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Configuration), (result.Outcome, result.Fault));
        Assert.DoesNotContain(smtp.Commands, command => !command.StartsWith("EHLO", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_speaks_no_tls_is_down()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp, SmtpSecurity.Tls, SmtpAuth.Auto, certificates);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Connection), (result.Outcome, result.Fault));
    }

    private Task<FakeSmtpServer> StartAsync(SmtpSecurity security, string certificateFor) => FakeSmtpServer.StartAsync(options =>
    {
        options.Certificate = certificates.Issue(certificateFor);
        options.StartTls = security == SmtpSecurity.StartTls;
        options.ImplicitTls = security == SmtpSecurity.Tls;
        options.Auth = ["PLAIN", "LOGIN"];
        options.RequireAuth = true;
    });

    private static async Task AssertUntrustedAsync(FakeSmtpServer smtp, SmtpTransport transport, string reason)
    {
        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Configuration, "certificate"), (result.Outcome, result.Fault, result.Code));
        Assert.Contains(reason, result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(smtp.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal) || command.StartsWith("MAIL", StringComparison.Ordinal));
    }
}
