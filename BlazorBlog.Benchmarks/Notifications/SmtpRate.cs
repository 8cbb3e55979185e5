using System.Diagnostics;
using BlazorBlog.Measuring;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Email.Smtp;
using BlazorBlog.Notifications.Templates;
using BlazorBlog.Servers;

namespace BlazorBlog.Notifications;

/// <summary>Mails per second of the SMTP transport alone, composing included, against the framework's own mail client on the same server.</summary>
internal sealed class SmtpRate(string name, int connections) : IBenchmark
{
    private const int Rounds = 5;

    private const int Mails = 4000;

    /// <summary>At forty times less per second it need not send them all to show its rate.</summary>
    private const int MailsOfTheirs = 100;

    private static readonly EmailMessage Mail = new()
    {
        From = new Email.Mailbox("blog@blog.example", "Blog"),
        To = new Email.Mailbox("jin@blog.example", "Jin"),
        Subject = "New comment on A measured post",
        Text = string.Concat(Enumerable.Repeat("A line of a comment, about as long as people write them.\n", 10)),
        Html = string.Concat(Enumerable.Repeat("<p style=\"margin:0\">A line of a comment, about as long as people write them.</p>\n", 20)),
        MessageId = "measured@blog.example",
        Date = DateTimeOffset.UnixEpoch,
        QueuedAt = DateTimeOffset.UnixEpoch,
        ListId = "post-measured.blog.example",
        ListName = "A measured post",
        Unsubscribe = new Uri("https://blog.example/notifications/measured/unsubscribe"),
    };

    public string Name => name;

    public async Task RunAsync(Report report)
    {
        using var sink = await OwnServer.StartSinkAsync();
        var port = sink.Address.Port;
        using var client = new FrameworkMailClient(port);
        var comparison = await Comparison.MeasureAsync(
            Rounds,
            ours: () => MeasureAsync(port),
            theirs: () => client.MeasureAsync(new RenderedEmail(Mail.Subject, Mail.Text, Mail.Html), Mail.To.Address, MailsOfTheirs));
        report.Add($"SMTP transport, {connections} connection{(connections == 1 ? "" : "s")} | System.Net.Mail", "mails/s", comparison, Budget.AtLeast(40));
    }

    private async Task<double> MeasureAsync(int port)
    {
        var endpoint = new SmtpEndpoint { Host = "127.0.0.1", Port = port, Security = SmtpSecurity.None };
        var started = Stopwatch.GetTimestamp();
        await using (var transport = new SmtpTransport(endpoint, connections, tokens: null, TimeProvider.System))
        {
            await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendAsync(transport))));
        }

        return Mails / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task SendAsync(SmtpTransport transport)
    {
        for (var i = 0; i < Mails / connections; i++)
        {
            var result = await transport.SendAsync(Mail, CancellationToken.None);
            if (result.Outcome != SendOutcome.Accepted)
            {
                throw new InvalidOperationException($"The mail was not taken: {result}.");
            }
        }
    }
}
