using System.Text;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email.Smtp;

public sealed class SmtpTransportTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_arrives_as_it_was_composed()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp, hello: "blog.example");
        var message = Mails.New() with { Subject = "안녕 👋" };

        var result = await transport.SendAsync(message, Stop);

        Assert.Equal(SendResult.Accepted("FAKE1", "250 2.0.0", "Ok: queued as FAKE1"), result);
        var taken = Assert.Single(smtp.Messages);
        Assert.Equal("blog@example.com", taken.From);
        Assert.Equal(["jin@example.com"], taken.To);
        Assert.Equal("blog.example", taken.Hello);
        Assert.Equal(Mails.Octets(message), taken.Data);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dots_at_the_start_of_lines_survive(bool pipelining)
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Pipelining = pipelining);
        await using var transport = SmtpTransports.To(smtp);
        const string text = ".\n..\n.x\n\n.\nend";

        await transport.SendAsync(Mails.New() with { Text = text }, Stop);
        await transport.SendAsync(Mails.New() with { Text = text }, Stop);

        Assert.All(await smtp.WaitForMessagesAsync(2, Stop), taken => Assert.Equal(text, taken.Mail.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sender_and_recipient_go_together_only_where_the_server_can(bool pipelining)
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Pipelining = pipelining);
        await using var transport = SmtpTransports.To(smtp);

        await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(pipelining, Assert.Single(smtp.Messages).Pipelined);
    }

    [Fact]
    public async Task A_large_mail_arrives_whole()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);
        var message = Mails.New() with { Text = string.Concat(Enumerable.Repeat(".한국어 text\n", 50_000)) };

        var result = await transport.SendAsync(message, Stop);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        Assert.Equal(message.Text, Assert.Single(smtp.Messages).Mail.Text);
    }

    [Fact]
    public async Task Many_mails_go_over_one_connection()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(SendOutcome.Accepted, (await transport.SendAsync(Mails.New(), Stop)).Outcome);
        }

        Assert.Equal(20, smtp.Messages.Count);
        Assert.Equal(1, smtp.Connections);
    }

    [Fact]
    public async Task Many_callers_share_the_allowed_connections()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp, connections: 3);
        var messages = Enumerable.Range(0, 60).Select(_ => Mails.New()).ToList();

        var results = await Task.WhenAll(messages.Select(message => transport.SendAsync(message, Stop)));

        Assert.All(results, result => Assert.Equal(SendOutcome.Accepted, result.Outcome));
        Assert.Equal(messages.Select(message => message.MessageId).Order(), smtp.Messages.Select(taken => taken.Mail.MessageId).Order());
        Assert.InRange(smtp.Connections, 1, 3);
    }

    [Fact]
    public async Task All_allowed_connections_work_at_once()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On(".", FakeSmtpAction.AcceptAndHang);
        await using var transport = SmtpTransports.To(smtp, connections: 3);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var sending = Enumerable.Range(0, 3).Select(_ => transport.SendAsync(Mails.New(), enough.Token)).ToList();
        await smtp.WaitForMessagesAsync(3, Stop);
        await enough.CancelAsync();

        Assert.All(await Task.WhenAll(sending), result => Assert.Equal(SendOutcome.Unknown, result.Outcome));
        Assert.Equal(3, smtp.Connections);
    }

    [Fact]
    public async Task A_connection_closed_while_idle_is_replaced()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);
        await transport.SendAsync(Mails.New(), Stop);

        await smtp.CloseConnectionsAsync();
        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        Assert.Equal([1, 2], smtp.Messages.Select(taken => taken.Connection));
    }

    public static TheoryData<string> Farewells => ["drop", "421 4.4.2 idle too long"];

    [Theory]
    [MemberData(nameof(Farewells))]
    public async Task A_used_connection_that_ends_at_the_first_command_is_replaced_once(string farewell)
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);
        await transport.SendAsync(Mails.New(), Stop);

        smtp.Once("MAIL", farewell == "drop" ? FakeSmtpAction.Drop : farewell);
        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        Assert.Equal([1, 2], smtp.Messages.Select(taken => taken.Connection));
    }

    [Fact]
    public async Task A_server_that_always_ends_at_the_first_command_is_not_asked_for_ever()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);
        await transport.SendAsync(Mails.New(), Stop);

        smtp.On("MAIL", "421 4.7.0 try again later");
        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Connection, "421 4.7.0"), (result.Outcome, result.Fault, result.Code));
        Assert.Equal(2, smtp.Connections);
    }

    [Fact]
    public async Task A_mail_lost_in_the_middle_is_not_repeated_by_the_transport()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);
        await transport.SendAsync(Mails.New(), Stop);

        smtp.Once(".", FakeSmtpAction.AcceptAndDrop);
        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(SendOutcome.Unknown, result.Outcome);
        Assert.Equal(2, smtp.Messages.Count);
        Assert.Equal(1, smtp.Connections);
    }

    [Fact]
    public async Task Idle_connections_are_closed_politely()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp, idleLimit: TimeSpan.FromMilliseconds(50));

        await transport.SendAsync(Mails.New(), Stop);
        await smtp.WaitAsync(() => smtp.OpenConnections == 0, "the connection's end", Stop);

        Assert.Equal("QUIT", smtp.Commands[^1]);
        Assert.Equal(SendOutcome.Accepted, (await transport.SendAsync(Mails.New(), Stop)).Outcome);
    }

    [Fact]
    public async Task Disposing_says_goodbye()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        var transport = SmtpTransports.To(smtp);
        await transport.SendAsync(Mails.New(), Stop);

        await transport.DisposeAsync();

        await smtp.WaitForCommandAsync("QUIT", Stop);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_refusal_the_connection_serves_the_next_mail(bool pipelining)
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Pipelining = pipelining);
        await using var transport = SmtpTransports.To(smtp);
        smtp.Once("RCPT", "550 5.1.1 no such user");

        var refused = await transport.SendAsync(Mails.New(), Stop);
        var accepted = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(SendOutcome.Permanent, refused.Outcome);
        Assert.Equal(SendOutcome.Accepted, accepted.Outcome);
        Assert.Contains("RSET", smtp.Commands);
        Assert.Equal(1, smtp.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_ends_after_a_refusal_is_replaced(bool pipelining)
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Pipelining = pipelining);
        await using var transport = SmtpTransports.To(smtp);
        smtp.Once("RCPT", "550 5.1.1 no such user");
        smtp.Once("RSET", "500 5.5.1 what");
        await transport.SendAsync(Mails.New(), Stop);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        Assert.Equal(2, smtp.Connections);
    }

    [Fact]
    public async Task The_size_is_declared_where_the_server_asks_for_it()
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Size = 1_000_000);
        await using var transport = SmtpTransports.To(smtp);

        await transport.SendAsync(Mails.New(), Stop);

        var taken = Assert.Single(smtp.Messages);
        Assert.Equal($"SIZE={taken.Data.Length}", taken.MailParameters);
    }

    [Fact]
    public async Task A_mail_beyond_the_servers_size_is_not_offered()
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Size = 2000);
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New() with { Text = new string('x', 3000) }, Stop);

        Assert.Equal((SendOutcome.Permanent, "552 5.3.4", null), (result.Outcome, result.Code, result.Suppress));
        Assert.DoesNotContain(smtp.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_outside_of_ascii_needs_a_server_that_takes_it()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);
        await using var old = await FakeSmtpServer.StartAsync(options => options.SmtpUtf8 = false);
        await using var transportToOld = SmtpTransports.To(old);

        var accepted = await transport.SendAsync(Mails.New("진@도메인.한국"), Stop);
        var refused = await transportToOld.SendAsync(Mails.New("진@도메인.한국"), Stop);

        Assert.Equal(SendOutcome.Accepted, accepted.Outcome);
        Assert.Equal(["진@도메인.한국"], Assert.Single(smtp.Messages).To);
        Assert.Contains("SMTPUTF8", smtp.Messages[0].MailParameters, StringComparison.Ordinal);
        Assert.Contains("<진@도메인.한국>", smtp.Messages[0].Raw, StringComparison.Ordinal);
        Assert.Equal((SendOutcome.Permanent, null), (refused.Outcome, refused.Suppress));
        Assert.Contains("SMTPUTF8", refused.Text, StringComparison.Ordinal);
        Assert.Empty(old.Messages);
    }

    [Fact]
    public async Task A_sender_that_the_server_cannot_take_is_no_fault_of_the_notice()
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.SmtpUtf8 = false);
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New() with { From = new Mailbox("블로그@example.com") }, Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Configuration), (result.Outcome, result.Fault));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_domain_outside_of_ascii_needs_nothing(bool smtpUtf8)
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.SmtpUtf8 = smtpUtf8);
        await using var transport = SmtpTransports.To(smtp);

        Assert.Equal(SendOutcome.Accepted, (await transport.SendAsync(Mails.New("jin@도메인.한국"), Stop)).Outcome);
        Assert.Equal(["jin@xn--hq1bm8jm9l.xn--3e0b707e"], Assert.Single(smtp.Messages).To);
        Assert.DoesNotContain("SMTPUTF8", smtp.Messages[0].MailParameters, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_in_and_outside_of_ascii_may_follow_each_other()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);

        foreach (var address in new[] { "진@example.com", "jin@example.com", "진@example.com" })
        {
            Assert.Equal(SendOutcome.Accepted, (await transport.SendAsync(Mails.New(address), Stop)).Outcome);
        }

        Assert.Equal([true, false, true], smtp.Messages.Select(taken => taken.MailParameters.Contains("SMTPUTF8", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("jin@example.com>\r\nRCPT TO:<victim@example.com")]
    [InlineData("jin@example.com> NOTIFY=NEVER")]
    [InlineData("jin")]
    [InlineData("")]
    public async Task What_is_no_address_never_reaches_the_server(string address)
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New(address), Stop);

        Assert.Equal(SendOutcome.Permanent, result.Outcome);
        Assert.Equal(0, smtp.Connections);
    }

    [Fact]
    public async Task A_name_alone_in_the_hello_is_an_address_literal()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);

        await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal("[127.0.0.1]", Assert.Single(smtp.Messages).Hello);
    }

    [Fact]
    public async Task A_server_that_comes_back_on_its_port_is_used_again()
    {
        var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);
        await transport.SendAsync(Mails.New(), Stop);
        await smtp.DisposeAsync();

        var down = await transport.SendAsync(Mails.New(), Stop);
        await using var again = await FakeSmtpServer.StartAsync(options => options.Port = smtp.Port);
        var up = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Connection), (down.Outcome, down.Fault));
        Assert.Equal(SendOutcome.Accepted, up.Outcome);
        Assert.Single(again.Messages);
    }

    [Fact]
    public async Task No_field_can_speak_to_the_server()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);
        const string attack = "x\r\n.\r\nMAIL FROM:<evil@example.com>\r\n";
        var message = Mails.New() with { Subject = attack, Text = attack, Html = attack, To = new Mailbox("jin@example.com", attack), FeedbackId = attack };

        await transport.SendAsync(message, Stop);
        await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(2, smtp.Messages.Count);
        Assert.All(smtp.Messages, taken => Assert.Equal("blog@example.com", taken.From));
        Assert.Equal(attack.ReplaceLineEndings("\n"), smtp.Messages[0].Mail.Text);
        Assert.DoesNotContain("\r\nMAIL", Encoding.UTF8.GetString(smtp.Messages[0].Data.AsSpan(0, 400)), StringComparison.Ordinal);
    }
}
