using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email.Smtp;

public sealed class SmtpRefusalTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    // The address itself receives no mail: no notice for a while.
    [InlineData("RCPT", "550 5.1.1 no such user", "Permanent suppress")]
    [InlineData("RCPT", "550 5.1.10 null MX", "Permanent suppress")]
    [InlineData("RCPT", "553 5.1.3 bad syntax", "Permanent suppress")]
    [InlineData("RCPT", "550 5.1.2 no such domain", "Permanent suppress")]
    [InlineData("RCPT", "551 5.1.6 moved", "Permanent suppress")]
    [InlineData(".", "550 5.1.1 no such user", "Permanent suppress")]
    // The recipient exists, or nothing is said about it: servers answer a bare 550 for greylisting and blocklists as well.
    [InlineData("RCPT", "550 greylisted, try again later", "Permanent")]
    [InlineData("RCPT", "550 on our blocklist", "Permanent")]
    [InlineData("RCPT", "551 moved", "Permanent")]
    [InlineData("RCPT", "553 bad name", "Permanent")]
    [InlineData("RCPT", "550 5.1.0 refused", "Permanent")]
    [InlineData("RCPT", "550 5.1.4 ambiguous", "Permanent")]
    [InlineData("RCPT", "550 5.1.11 a code that is not in the registry", "Permanent")]
    [InlineData("RCPT", "552 mailbox full", "Permanent")]
    [InlineData("RCPT", "552 5.2.2 mailbox full", "Permanent")]
    [InlineData("RCPT", "550 5.2.2 mailbox full", "Permanent")]
    [InlineData("RCPT", "550 5.2.1 disabled or receiving too fast", "Permanent")]
    [InlineData("RCPT", "550 5.7.1 policy", "Permanent")]
    [InlineData("RCPT", "554 5.7.1 relay access denied", "Permanent")]
    [InlineData("RCPT", "550 5.4.1 access denied", "Permanent")]
    [InlineData(".", "550 looks like spam", "Permanent")]
    [InlineData(".", "554 5.6.0 content", "Permanent")]
    [InlineData("DATA", "554 no", "Permanent")]
    [InlineData("MAIL", "552 5.3.4 too big", "Permanent")]
    // Later.
    [InlineData("RCPT", "450 4.2.1 receiving too fast", "Transient")]
    [InlineData("RCPT", "451 greylisted", "Transient")]
    [InlineData("RCPT", "452 4.2.2 mailbox full", "Transient")]
    [InlineData("RCPT", "452 4.5.3 too many recipients", "Transient")]
    [InlineData("RCPT", "471 own number", "Transient")]
    [InlineData("RCPT", "450 4.1.1 not verified yet", "Transient")]
    [InlineData("RCPT", "550 4.1.1 not verified yet", "Transient")]
    [InlineData("MAIL", "451 4.3.0 try later", "Transient")]
    [InlineData("DATA", "451 4.3.0 try later", "Transient")]
    [InlineData(".", "451 4.3.0 try later", "Transient")]
    [InlineData("DATA", "250 out of step", "Transient")]
    // The channel, not the notice.
    [InlineData("CONNECT", "421 4.7.0 busy", "ChannelDown Connection")]
    [InlineData("CONNECT", "554 no service", "ChannelDown Connection")]
    [InlineData("RCPT", "421 4.7.0 suspicious rate", "ChannelDown Connection")]
    [InlineData("DATA", "421 4.3.2 closing", "ChannelDown Connection")]
    [InlineData(".", "421 4.3.2 closing", "ChannelDown Connection")]
    [InlineData("MAIL", "530 5.7.0 authentication required", "ChannelDown Authentication")]
    [InlineData("MAIL", "535 5.7.8 bad credentials", "ChannelDown Authentication")]
    [InlineData("RCPT", "530 5.7.0 authentication required", "ChannelDown Authentication")]
    [InlineData("MAIL", "550 5.4.5 daily limit", "ChannelDown Quota")]
    [InlineData("RCPT", "550 5.4.5 daily limit", "ChannelDown Quota")]
    [InlineData(".", "550 5.4.5 daily limit", "ChannelDown Quota")]
    [InlineData(".", "550 5.7.26 unauthenticated mail", "ChannelDown Configuration")]
    [InlineData("MAIL", "553 5.7.1 not your address", "ChannelDown Configuration")]
    [InlineData("MAIL", "550 sender rejected", "ChannelDown Configuration")]
    [InlineData("RCPT", "550 5.1.8 bad sender's domain", "ChannelDown Configuration")]
    // Nobody can say.
    [InlineData(".", "354 again", "Unknown")]
    public async Task A_refusal_means(string verb, string reply, string expected)
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On(verb, reply);
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(expected, string.Join(' ', new[] { result.Outcome.ToString(), result.Fault?.ToString(), result.Suppress is null ? null : "suppress" }.OfType<string>()));
        Assert.Equal(new SmtpReply(int.Parse(reply[..3], null), reply[4..]).FullCode, result.Code);
        Assert.Empty(smtp.Messages);
    }

    [Theory]
    [InlineData("421 4.3.2 closing", ChannelFault.Connection)]
    [InlineData("451 4.3.0 try later", ChannelFault.Connection)]
    [InlineData("502 5.5.1 what", ChannelFault.Configuration)]
    public async Task A_refused_hello_is_a_channel_down(string reply, ChannelFault expected)
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On("EHLO", reply);
        // Servers of the time before EHLO know this one.
        smtp.On("HELO", reply);
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, expected), (result.Outcome, result.Fault));
    }

    [Theory]
    [InlineData("MAIL", "354 go on", SendOutcome.Transient)]
    [InlineData("RCPT", "354 go on", SendOutcome.Transient)]
    [InlineData("DATA", "250 ok", SendOutcome.Transient)]
    [InlineData(".", "354 go on", SendOutcome.Unknown)]
    [InlineData(".", "252 ok", SendOutcome.Accepted)]
    public async Task After_an_answer_to_another_question_the_connection_serves_no_other_mail(string verb, string reply, SendOutcome expected)
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.Once(verb, reply);
        await using var transport = SmtpTransports.To(smtp);

        var odd = await transport.SendAsync(Mails.New(), Stop);
        var next = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((expected, SendOutcome.Accepted), (odd.Outcome, next.Outcome));
        Assert.Equal(2, smtp.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_several_refusals_the_first_is_told(bool pipelining)
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Pipelining = pipelining);
        smtp.On("MAIL", "451 4.3.0 try later");
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.Transient, "451 4.3.0"), (result.Outcome, result.Code));
        Assert.Equal(pipelining, smtp.Commands.Any(command => command.StartsWith("RCPT", StringComparison.Ordinal)));
        Assert.DoesNotContain("DATA", smtp.Commands);
    }

    [Fact]
    public async Task A_refusal_is_kept_when_the_connection_ends_after_it()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On("RCPT", "550 5.1.1 no such user");
        smtp.On("RSET", FakeSmtpAction.Drop);
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.Permanent, SuppressionReason.Undeliverable), (result.Outcome, result.Suppress));
    }

    [Fact]
    public async Task What_the_server_says_is_kept_without_addresses()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On("RCPT", "550-5.1.1 <jin@example.com>: no such user\n550 5.1.1 see https://support.example/?p=NoSuchUser");
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal("<[address]>: no such user see https://support.example/?p=NoSuchUser", result.Text);
    }
}
