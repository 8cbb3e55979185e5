using BlazorBlog.Data.Seed;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Data;

public sealed class SeederTests(SqliteFiles files)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("None", "None", true)]
    [InlineData("File", "File", true)]
    [InlineData("Console", "Console", true)]
    [InlineData("Memory", "Memory", true)]
    [InlineData("Smtp", "File", false)]
    [InlineData("File", "Twilio", false)]
    [InlineData("Memory", "CoolSms", false)]
    public async Task Sample_content_causes_notices_only_where_no_transport_writes_to_people(string email, string sms, bool notifies)
    {
        using var log = new LoggedLines();
        await using var blog = DatabaseBlog.Open(
            await files.CreateMigratedAsync(),
            configure: services => services.AddSingleton<ILoggerProvider>(log),
            settings:
            [
                ("Email:Transport", email), ("Email:Host", "127.0.0.1"),
                ("Sms:Transport", sms), ("Sms:From", sms == "CoolSms" ? "01012345678" : "+15005550006"), ("Sms:DefaultRegion", "KR"),
                ("Sms:Twilio:AccountSid", $"AC{new string('0', 32)}"), ("Sms:Twilio:AuthToken", "token"),
                ("Sms:CoolSms:ApiKey", "key"), ("Sms:CoolSms:ApiSecret", "secret"),
            ]);

        await ActivatorUtilities.CreateInstance<Seeder>(blog.Services).SeedAsync(Cancel);

        await using var db = blog.OpenContext();
        Assert.Equal(notifies, await db.OutboxMessages.AnyAsync(Cancel));
        Assert.True(await db.Comments.AnyAsync(comment => comment.CreatedAt > TimeProvider.System.GetUtcNow().AddHours(-4), Cancel));
        Assert.Equal(sms is "Twilio" or "CoolSms", !await db.Users.AnyAsync(user => user.PhoneNumber != null, Cancel));
        Assert.Equal(notifies ? 0 : 1, log.Lines.Items.Count(line => line.Contains("saved without notices", StringComparison.Ordinal)));
    }
}
