using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications;

/// <summary>The real program, killed in the middle and started again: no notice is lost, and none is repeated where the provider can tell.</summary>
public sealed class KillTests : IDisposable
{
    private const string Slug = "the-outbox";

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task A_mail_is_sent_once_or_again_under_its_id_when_the_server_had_it_already()
    {
        await MigratedSqlite.CopyWithPostAsync(_directory.File("blog.db"), Slug);
        await using var smtp = await FakeSmtpServer.StartAsync();
        string[] before = [StartupHook.AfterCommit, StartupHook.InFanOut, StartupHook.AfterClaim, StartupHook.BeforeSend];
        string[] after = [StartupHook.AfterAccepted, StartupHook.InMark];

        var sent = 0;
        foreach (var point in before)
        {
            await CommentAndDieAsync(point, Smtp(smtp), () => AssertSent(sent));
            AssertSent(sent++);
        }

        foreach (var point in after)
        {
            await CommentAndDieAsync(point, Smtp(smtp), () => AssertSent(sent));
            AssertSent(sent + 1);
            sent += 2;
        }

        await using var restarted = await BlogProcess.StartAsync(_directory.Path, Smtp(smtp));
        await WaitUntilQuietAsync();
        await CommentAsync(restarted, "The last one");
        await smtp.WaitForMessagesAsync(sent + 1, TestContext.Current.CancellationToken);

        AssertSent(sent + 1);
        Assert.All(before, point => Assert.Single(Of(point)));
        Assert.All(after, point => Assert.Equal(2, Of(point).Count()));
        Assert.All(after, point => Assert.Single(Of(point).Distinct()));
        Assert.Equal(before.Length + after.Length + 1, smtp.Messages.Select(mail => mail.Mail.MessageId).Distinct().Count());

        void AssertSent(int count) => Assert.Equal(count, smtp.Messages.Count);
        IEnumerable<string> Of(string point) => smtp.Messages.Where(mail => mail.Mail.Text.Contains(Words(point), StringComparison.Ordinal)).Select(mail => mail.Mail.MessageId);
    }

    [Fact]
    public async Task An_sms_is_sent_once_wherever_the_program_dies_because_the_provider_is_asked()
    {
        await MigratedSqlite.CopyWithPostAsync(_directory.File("blog.db"), Slug);
        await using var twilio = await FakeTwilioServer.StartAsync();
        string[] points = [StartupHook.AfterCommit, StartupHook.InFanOut, StartupHook.AfterClaim, StartupHook.AfterAccepted, StartupHook.InMark];

        var sent = 0;
        foreach (var point in points)
        {
            await CommentAndDieAsync(point, Twilio(twilio), () => Assert.Equal(sent, twilio.Messages.Items.Count));
            sent++;
        }

        await using var restarted = await BlogProcess.StartAsync(_directory.Path, Twilio(twilio));
        await WaitUntilQuietAsync();
        Assert.Equal(sent, twilio.Messages.Items.Count);
        await CommentAsync(restarted, "The last one");
        var messages = await twilio.Messages.WaitForAsync(sent + 1, TestContext.Current.CancellationToken);

        Assert.Equal(sent + 1, messages.Count);
        Assert.Equal(sent + 1, messages.Select(message => message.Body).Distinct().Count());
        Assert.Empty(twilio.Complaints.Items);
    }

    public void Dispose() => _directory.Dispose();

    private static string Words(string point) => $"Does this arrive: {point}?";

    /// <summary>Every comment has been fanned out, and no delivery waits to be sent or to be asked for.</summary>
    private async Task WaitUntilQuietAsync()
    {
        await using var node = DatabaseBlog.Open(new BlogDatabase(DatabaseProvider.Sqlite, $"Data Source={_directory.File("blog.db")};Pooling=False"));
        await Eventually.WaitUntilAsync(
            async () =>
            {
                await using var db = node.OpenContext();
                return !await db.OutboxMessages.AnyAsync(message => message.ProcessedAt == null) && !await db.Deliveries.AnyAsync(delivery => delivery.State == DeliveryState.Pending);
            },
            "the dispatcher came to rest");
    }

    /// <summary>Starts the program, which makes up for what the one before left undone, and has it die of a comment at the point.</summary>
    private async Task CommentAndDieAsync(string point, Dictionary<string, string> settings, Action madeUp)
    {
        var hooked = new Dictionary<string, string>(settings)
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(KillTests).Assembly.Location,
            [StartupHook.Variable] = point,
        };
        await using var blog = await BlogProcess.StartAsync(_directory.Path, hooked);
        await WaitUntilQuietAsync();
        madeUp();
        try
        {
            using var answer = await blog.CommentAsync(Slug, Words(point));
        }
        catch (HttpRequestException)
        {
            // It died before it could answer.
        }

        await blog.WaitForExitAsync();
    }

    private static async Task CommentAsync(BlogProcess blog, string body)
    {
        using var answer = await blog.CommentAsync(Slug, body);
        Assert.Equal(303, (int)answer.StatusCode);
    }

    private static Dictionary<string, string> Smtp(FakeSmtpServer smtp) => new()
    {
        ["Email__Transport"] = "Smtp",
        ["Email__Host"] = "127.0.0.1",
        ["Email__Port"] = $"{smtp.Port}",
        ["Sms__Transport"] = "None",
        ["Notifications__LeaseDuration"] = "00:00:05",
        ["Notifications__PollInterval"] = "00:00:00.2",
    };

    private static Dictionary<string, string> Twilio(FakeTwilioServer twilio) => new()
    {
        ["Email__Transport"] = "None",
        ["Sms__Transport"] = "Twilio",
        ["Sms__From"] = FakeTwilioServer.From,
        ["Sms__Twilio__AccountSid"] = FakeTwilioServer.AccountSid,
        ["Sms__Twilio__AuthToken"] = FakeTwilioServer.AuthToken,
        ["Sms__Twilio__BaseUrl"] = twilio.BaseUrl.AbsoluteUri,
        ["Notifications__LeaseDuration"] = "00:00:05",
        ["Notifications__PollInterval"] = "00:00:00.2",
    };
}
