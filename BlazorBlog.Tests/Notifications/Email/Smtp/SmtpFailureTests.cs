using System.Net;
using System.Net.Sockets;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>Broken connections, silence and cancellation: above all, what may have been taken and what surely was not.</summary>
public sealed class SmtpFailureTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("CONNECT", SendOutcome.ChannelDown)]
    [InlineData("EHLO", SendOutcome.ChannelDown)]
    [InlineData("MAIL", SendOutcome.ChannelDown)]
    [InlineData("RCPT", SendOutcome.Transient)]
    [InlineData("DATA", SendOutcome.Unknown)]
    [InlineData(".", SendOutcome.Unknown)]
    public async Task A_lost_connection_means(string verb, SendOutcome expected)
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Pipelining = false);
        smtp.On(verb, FakeSmtpAction.Drop);
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((expected, "connection"), (result.Outcome, result.Code));
        Assert.Equal(expected == SendOutcome.ChannelDown ? ChannelFault.Connection : null, result.Fault);
        Assert.Equal(1, smtp.Connections);
    }

    [Theory]
    [InlineData("CONNECT", SendOutcome.ChannelDown)]
    [InlineData("EHLO", SendOutcome.ChannelDown)]
    [InlineData("MAIL", SendOutcome.ChannelDown)]
    [InlineData("RCPT", SendOutcome.Transient)]
    [InlineData("DATA", SendOutcome.Unknown)]
    [InlineData(".", SendOutcome.Unknown)]
    public async Task Silence_means(string verb, SendOutcome expected)
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On(verb, FakeSmtpAction.Hang);
        await using var transport = SmtpTransports.To(smtp, timeout: Short);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((expected, "timeout"), (result.Outcome, result.Code));
    }

    [Fact]
    public async Task A_used_connection_that_falls_silent_is_not_repeated()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp, timeout: Short);
        await transport.SendAsync(Mails.New(), Stop);

        smtp.On("MAIL", FakeSmtpAction.Hang);
        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Connection, "timeout"), (result.Outcome, result.Fault, result.Code));
        Assert.Equal(1, smtp.Connections);
    }

    [Fact]
    public async Task A_slow_server_is_waited_for()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.Delay = TimeSpan.FromMilliseconds(100);
        await using var transport = SmtpTransports.To(smtp);

        Assert.Equal(SendOutcome.Accepted, (await transport.SendAsync(Mails.New(), Stop)).Outcome);
    }

    [Fact]
    public async Task The_limit_is_for_each_answer_not_for_all()
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Pipelining = false);
        smtp.Delay = TimeSpan.FromMilliseconds(500);
        await using var transport = SmtpTransports.To(smtp, timeout: TimeSpan.FromMilliseconds(2500));

        // Six answers of 500 ms: longer than the limit together, shorter alone.
        Assert.Equal(SendOutcome.Accepted, (await transport.SendAsync(Mails.New(), Stop)).Outcome);
    }

    [Fact]
    public async Task A_server_that_answers_each_command_just_in_time_is_left_after_three_of_those_times()
    {
        await using var smtp = await FakeSmtpServer.StartAsync(options => options.Pipelining = false);
        smtp.Delay = TimeSpan.FromSeconds(3.1);
        await using var transport = SmtpTransports.To(smtp, timeout: TimeSpan.FromSeconds(4));

        // Greeting, EHLO and MAIL are answered within twelve seconds, RCPT would be only after them.
        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.Transient, "timeout"), (result.Outcome, result.Code));
        Assert.DoesNotContain("DATA", smtp.Commands);
    }

    [Fact]
    public async Task A_mail_cut_off_before_its_final_dot_may_go_again()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On("BODY", FakeSmtpAction.Drop);
        await using var transport = SmtpTransports.To(smtp);

        // Larger than what the system buffers, so that its end cannot have left.
        var result = await transport.SendAsync(Mails.New() with { Text = new string('x', 15_000_000) }, Stop);

        Assert.Equal((SendOutcome.Unknown, "connection"), (result.Outcome, result.Code));
        Assert.Empty(smtp.Messages);
    }

    [Fact]
    public async Task A_server_that_stops_reading_is_not_waited_for()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeUntilDataAsync(listener);
        await using var transport = new SmtpTransport(
            new SmtpEndpoint { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, Security = SmtpSecurity.None, Timeout = Short }, 1, null, TimeProvider.System);

        var result = await transport.SendAsync(Mails.New() with { Text = new string('x', 15_000_000) }, Stop);

        Assert.Equal((SendOutcome.Unknown, "timeout"), (result.Outcome, result.Code));
        (await serving).Dispose();
    }

    [Fact]
    public async Task A_refused_connection_is_a_channel_down()
    {
        var smtp = await FakeSmtpServer.StartAsync();
        await smtp.DisposeAsync();
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal(SendResult.ChannelDown(ChannelFault.Connection, "connection", "The connection failed (ConnectionRefused)."), result);
    }

    [Fact]
    public async Task An_unknown_host_is_a_channel_down()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp, host: "no-such-host.invalid");

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Connection), (result.Outcome, result.Fault));
    }

    [Theory]
    [InlineData("CONNECT", "HTTP/1.1 400 Bad Request", SendOutcome.ChannelDown)]
    [InlineData("RCPT", "banana", SendOutcome.Transient)]
    [InlineData(".", "banana", SendOutcome.Unknown)]
    public async Task Nonsense_means(string verb, string nonsense, SendOutcome expected)
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On(verb, nonsense);
        await using var transport = SmtpTransports.To(smtp);

        var result = await transport.SendAsync(Mails.New(), Stop);

        Assert.Equal((expected, "connection"), (result.Outcome, result.Code));
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    public async Task Given_up_before_the_mail_was_handed_over_it_throws(string verb)
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On(verb, FakeSmtpAction.Hang);
        await using var transport = SmtpTransports.To(smtp);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var sending = transport.SendAsync(Mails.New(), giveUp.Token);
        await smtp.WaitAsync(() => smtp.Connections == 1, "a connection", Stop);
        if (verb != "CONNECT")
        {
            await smtp.WaitForCommandAsync(verb, Stop);
        }

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Empty(smtp.Messages);
    }

    [Fact]
    public async Task Given_up_after_the_recipient_was_accepted_nobody_knows()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On("DATA", FakeSmtpAction.Hang);
        await using var transport = SmtpTransports.To(smtp);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var sending = transport.SendAsync(Mails.New(), giveUp.Token);
        await smtp.WaitForCommandAsync("DATA", Stop);
        await giveUp.CancelAsync();

        Assert.Equal(SendOutcome.Unknown, (await sending).Outcome);
    }

    [Fact]
    public async Task Given_up_after_the_mail_was_handed_over_nobody_knows()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On(".", FakeSmtpAction.AcceptAndHang);
        await using var transport = SmtpTransports.To(smtp);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var sending = transport.SendAsync(Mails.New(), giveUp.Token);
        await smtp.WaitForMessagesAsync(1, Stop);
        await giveUp.CancelAsync();

        Assert.Equal(SendOutcome.Unknown, (await sending).Outcome);
    }

    [Fact]
    public async Task Given_up_before_it_began_nothing_is_sent()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp);
        await transport.SendAsync(Mails.New(), Stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.SendAsync(Mails.New(), new CancellationToken(canceled: true)));
        Assert.Equal(SendOutcome.Accepted, (await transport.SendAsync(Mails.New(), Stop)).Outcome);
        Assert.Equal(2, smtp.Messages.Count);
    }

    [Fact]
    public async Task A_failure_leaves_the_next_mail_alone()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var transport = SmtpTransports.To(smtp, timeout: TimeSpan.FromSeconds(3));
        foreach (var (verb, action) in new[] { ("CONNECT", FakeSmtpAction.Drop), ("RCPT", FakeSmtpAction.Hang), (".", FakeSmtpAction.Drop), ("DATA", "451 4.3.0 later") })
        {
            smtp.Once(verb, action);
            Assert.NotEqual(SendOutcome.Accepted, (await transport.SendAsync(Mails.New(), Stop)).Outcome);
            Assert.Equal(SendOutcome.Accepted, (await transport.SendAsync(Mails.New(), Stop)).Outcome);
        }
    }

    private static async Task<Socket> ServeUntilDataAsync(TcpListener listener)
    {
        var socket = await listener.AcceptSocketAsync(Stop);
        var buffer = new byte[4096];
        foreach (var answer in new[] { "220 x\r\n", "250 x\r\n", "250 x\r\n", "250 x\r\n" })
        {
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer), Stop);
            await socket.ReceiveAsync(buffer, Stop);
        }

        await socket.SendAsync("354 x\r\n"u8.ToArray(), Stop);
        return socket;
    }
}
