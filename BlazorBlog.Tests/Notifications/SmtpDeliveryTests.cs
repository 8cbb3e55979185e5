using System.Globalization;
using System.Net;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Posts;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications;

/// <summary>The whole way of a comment to a real mail server.</summary>
public sealed class SmtpDeliveryTests
{
    private readonly FakeClock _clock = FakeClock.Running();

    [Fact]
    public async Task A_comment_reaches_the_author_over_SMTP()
    {
        await using var server = await FakeSmtpServer.StartAsync();
        await using var blog = await StartAsync(server.Port);
        var post = await CommentAsync(blog, "Good morning!");

        var mail = Assert.Single(await server.WaitForMessagesAsync(1, TestContext.Current.CancellationToken));
        Assert.Equal(["jin@example.com"], mail.To);
        Assert.Contains("Good morning!", mail.Raw, StringComparison.Ordinal);
        Assert.Contains($"https://blog.example/posts/{post.Slug}#comment-", mail.Raw.Replace("=\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await blog.WaitUntilQuietAsync();
        Assert.Equal(DeliveryState.Accepted, (await EmailAsync(blog)).State);
    }

    [Fact]
    public async Task A_site_with_an_international_name_sends_mail_with_its_ASCII_form_in_every_header()
    {
        const string host = "xn--2i0b10rqve.xn--3e0b707e";
        await using var server = await FakeSmtpServer.StartAsync(options => options.SmtpUtf8 = false);
        await using var blog = await StartAsync(server.Port, options => options.Settings["Site:BaseUrl"] = "https://블로그.한국");
        await CommentAsync(blog);

        var mail = Assert.Single(await server.WaitForMessagesAsync(1, TestContext.Current.CancellationToken)).Mail;
        Assert.EndsWith($"@{host}", mail.MessageId, StringComparison.Ordinal);
        Assert.EndsWith($"@{host}>", mail["References"], StringComparison.Ordinal);
        Assert.EndsWith($"@{host}>", mail["In-Reply-To"], StringComparison.Ordinal);
        Assert.EndsWith($".{host}>", mail["List-Id"], StringComparison.Ordinal);
        Assert.StartsWith($"<https://{host}/", mail["List-Unsubscribe"], StringComparison.Ordinal);
        Assert.Equal($"CommentPublished:{host}:comments:blazorblog", mail["Feedback-ID"]);
        await blog.WaitUntilQuietAsync();
        Assert.Equal(DeliveryState.Accepted, (await EmailAsync(blog)).State);
    }

    [Fact]
    public async Task A_lost_answer_brings_the_same_mail_again_under_the_same_id()
    {
        await using var server = await FakeSmtpServer.StartAsync();
        server.Once(".", FakeSmtpAction.AcceptAndDrop);
        await using var blog = await StartAsync(server.Port);
        await CommentAsync(blog);
        await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.Attempts == 1, "the unknown outcome was written down");

        _clock.Advance(TimeSpan.FromMinutes(1));
        await blog.WaitUntilQuietAsync();

        Assert.Equal(2, server.Messages.Count);
        Assert.Single(server.Messages.Select(MessageId).Distinct());
        Assert.Equal([SendOutcome.Unknown, SendOutcome.Accepted], (await EmailAsync(blog)).History.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task A_recipient_the_server_does_not_know_is_written_to_no_more_for_a_quarter_of_a_year()
    {
        await using var server = await FakeSmtpServer.StartAsync();
        server.On("RCPT", "550 5.1.1 No such user");
        await using var blog = await StartAsync(server.Port);
        await CommentAsync(blog);
        await blog.WaitUntilQuietAsync();
        Assert.Equal(DeliveryState.Failed, (await EmailAsync(blog)).State);
        server.Usually("RCPT");

        await CommentAsync(blog);
        await blog.WaitUntilQuietAsync();

        Assert.Contains(await blog.DeliveriesAsync(), delivery => delivery is { Channel: NotificationChannel.Email, Reason: NotSentReason.Undeliverable });
        Assert.Empty(server.Messages);
        Assert.Single(server.Commands, command => command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase));

        _clock.Advance(TimeSpan.FromDays(91));
        await CommentAsync(blog, "Are you back?");
        await blog.WaitUntilQuietAsync();

        Assert.Contains("Are you back?", Assert.Single(server.Messages).Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bare_550_ends_one_mail_and_the_next_is_tried()
    {
        await using var server = await FakeSmtpServer.StartAsync();
        server.On("RCPT", "550 Greylisted, try again later");
        await using var blog = await StartAsync(server.Port, options => options.Settings["Email:DefaultRecipients"] = "desk@example.com");
        await CommentAsync(blog);
        await blog.WaitUntilQuietAsync();
        Assert.Equal(2, (await blog.DeliveriesAsync()).Count(delivery => delivery is { Channel: NotificationChannel.Email, State: DeliveryState.Failed }));
        server.Usually("RCPT");

        await CommentAsync(blog);
        await blog.WaitUntilQuietAsync();

        Assert.Equal(["desk@example.com", "jin@example.com"], server.Messages.SelectMany(message => message.To).Order());
    }

    [Fact]
    public async Task A_mail_that_waited_for_days_carries_the_date_of_its_last_attempt()
    {
        await using var server = await FakeSmtpServer.StartAsync();
        server.On("RCPT", "451 4.7.1 Try again later");
        await using var blog = await StartAsync(server.Port);
        await CommentAsync(blog);
        var waiting = await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.Attempts == 1, "the mail waits");
        server.Usually("RCPT");

        _clock.Advance(TimeSpan.FromDays(3));
        await blog.WaitUntilQuietAsync();

        Assert.True(Assert.Single(server.Messages).Mail.Date - waiting.CreatedAt >= TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Wrong_credentials_rest_the_channel_and_cost_no_attempt()
    {
        using var certificates = new TestCertificates();
        await using var server = await FakeSmtpServer.StartAsync(options =>
        {
            options.Certificate = certificates.Issue("127.0.0.1");
            options.StartTls = true;
            options.Auth = ["PLAIN"];
            options.RequireAuth = true;
        });
        server.On("AUTH", "535 5.7.8 Authentication failed");
        var authority = Path.GetTempFileName();
        await File.WriteAllTextAsync(authority, certificates.AuthorityPem, TestContext.Current.CancellationToken);
        await using var blog = await StartAsync(server.Port, options =>
        {
            options.Settings["Email:Security"] = "StartTls";
            options.Settings["Email:Username"] = server.Options.Username;
            options.Settings["Email:Password"] = server.Options.Password;
            options.Settings["Email:CaFile"] = authority;
        });
        await CommentAsync(blog);
        var resting = await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.History.Count == 1, "the refusal stands in the ledger");
        Assert.Equal((DeliveryState.Pending, 0, SendOutcome.ChannelDown), (resting.State, resting.Attempts, resting.History[0].Outcome));

        server.Usually("AUTH");
        _clock.Advance(TimeSpan.FromMinutes(20));
        await blog.WaitUntilQuietAsync();

        Assert.Equal(server.Options.Username, Assert.Single(server.Messages).Username);
        Assert.Equal(0, (await EmailAsync(blog)).Attempts);
        File.Delete(authority);
    }

    [Fact]
    public async Task With_the_server_down_a_comment_is_answered_and_its_mail_arrives_when_the_server_is_back()
    {
        int port;
        await using (var gone = await FakeSmtpServer.StartAsync())
        {
            port = gone.Port;
        }

        await using var blog = await StartAsync(port);
        await CommentAsync(blog);
        await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.History.Count > 0, "the failure stands in the ledger");

        await using var server = await FakeSmtpServer.StartAsync(options => options.Port = port);
        _clock.Advance(TimeSpan.FromHours(1));
        await server.WaitForMessagesAsync(1, TestContext.Current.CancellationToken);
        await blog.WaitUntilQuietAsync();

        Assert.Single(server.Messages);
        Assert.Equal((DeliveryState.Accepted, 0), ((await EmailAsync(blog)).State, (await EmailAsync(blog)).Attempts));
    }

    private Task<TestBlog> StartAsync(int port, Action<TestBlogOptions>? configure = null) => TestBlog.StartAsync(options =>
    {
        options.Time = _clock;
        options.Settings["Email:Transport"] = "Smtp";
        options.Settings["Email:Host"] = "127.0.0.1";
        options.Settings["Email:Port"] = port.ToString(CultureInfo.InvariantCulture);
        configure?.Invoke(options);
    });

    private static async Task<Post> CommentAsync(TestBlog blog, string body = "Hello.")
    {
        var post = await blog.AddPostAsync($"Slow coffee {Guid.NewGuid():N}");
        using var mina = blog.Visitor();
        using var response = await mina.CommentAsync(post.Slug, body);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return post;
    }

    private static async Task<Delivery> EmailAsync(TestBlog blog) => (await blog.DeliveriesAsync()).First(delivery => delivery.Channel == NotificationChannel.Email);

    private static string MessageId(FakeSmtpMessage message) =>
        message.Raw.Split("\r\n").Single(line => line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase));
}
