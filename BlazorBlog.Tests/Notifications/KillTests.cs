using BlazorBlog.Support;
using Microsoft.Data.Sqlite;

namespace BlazorBlog.Notifications;

/// <summary>The real program, killed in the middle and started again: no notice is lost, and none is repeated where the provider can tell.</summary>
public sealed class KillTests : IDisposable
{
    private const string Slug = "the-outbox";

    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData(StartupHook.AfterCommit)]
    [InlineData(StartupHook.InFanOut)]
    [InlineData(StartupHook.AfterClaim)]
    [InlineData(StartupHook.BeforeSend)]
    public async Task A_mail_is_sent_once_when_the_program_dies_before_the_server_has_it(string point)
    {
        await SeedAsync();
        await using var smtp = await FakeSmtpServer.StartAsync();

        await CommentAndDieAsync(point, Smtp(smtp));
        Assert.Empty(smtp.Messages);
        await using var restarted = await BlogProcess.StartAsync(_directory.Path, Smtp(smtp));

        await smtp.WaitForMessagesAsync(1, TestContext.Current.CancellationToken);
        await CommentAsync(restarted, "The next one");
        var mails = await smtp.WaitForMessagesAsync(2, TestContext.Current.CancellationToken);
        Assert.Equal(2, mails.Select(mail => mail.Mail.MessageId).Distinct().Count());
    }

    [Theory]
    [InlineData(StartupHook.AfterAccepted)]
    [InlineData(StartupHook.InMark)]
    public async Task A_mail_that_the_server_had_is_repeated_under_the_same_id(string point)
    {
        await SeedAsync();
        await using var smtp = await FakeSmtpServer.StartAsync();

        await CommentAndDieAsync(point, Smtp(smtp));
        Assert.Single(smtp.Messages);
        await using var restarted = await BlogProcess.StartAsync(_directory.Path, Smtp(smtp));

        var mails = await smtp.WaitForMessagesAsync(2, TestContext.Current.CancellationToken);
        Assert.Single(mails.Select(mail => mail.Mail.MessageId).Distinct());
    }

    [Theory]
    [InlineData(StartupHook.AfterCommit)]
    [InlineData(StartupHook.InFanOut)]
    [InlineData(StartupHook.AfterClaim)]
    [InlineData(StartupHook.AfterAccepted)]
    [InlineData(StartupHook.InMark)]
    public async Task An_sms_is_sent_once_wherever_the_program_dies_because_the_provider_is_asked(string point)
    {
        await SeedAsync();
        await using var twilio = await FakeTwilioServer.StartAsync();

        await CommentAndDieAsync(point, Twilio(twilio));
        await using var restarted = await BlogProcess.StartAsync(_directory.Path, Twilio(twilio));

        await twilio.Messages.WaitForAsync(1, TestContext.Current.CancellationToken);
        await CommentAsync(restarted, "The next one");
        var messages = await twilio.Messages.WaitForAsync(2, TestContext.Current.CancellationToken);
        Assert.Equal(2, messages.Count);
        Assert.Equal(2, messages.Select(message => message.Body).Distinct().Count());
        Assert.Empty(twilio.Complaints.Items);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>A first start fills the blog; with no transport, nothing of it is left to be sent once it is fanned out.</summary>
    private async Task SeedAsync()
    {
        await using var blog = await BlogProcess.StartAsync(_directory.Path, new Dictionary<string, string> { ["Email__Transport"] = "None", ["Sms__Transport"] = "None" });
        await using var database = new SqliteConnection($"Data Source={_directory.File("blog.db")};Pooling=False");
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var waiting = database.CreateCommand();
        waiting.CommandText = "SELECT COUNT(*) FROM OutboxMessages WHERE ProcessedAt IS NULL";
        await Eventually.WaitUntilAsync(async () => await waiting.ExecuteScalarAsync(TestContext.Current.CancellationToken) is 0L, "the outbox was emptied");
        Assert.Equal(0, await blog.StopAsync());
    }

    private async Task CommentAndDieAsync(string point, Dictionary<string, string> settings)
    {
        var hooked = new Dictionary<string, string>(settings)
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(KillTests).Assembly.Location,
            [StartupHook.Variable] = point,
        };
        await using var blog = await BlogProcess.StartAsync(_directory.Path, hooked);
        try
        {
            using var answer = await blog.CommentAsync(Slug, "Will this arrive?");
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
