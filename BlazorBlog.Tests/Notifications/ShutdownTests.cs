using System.Net.Sockets;
using System.Text;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications;

/// <summary>The real program, told to stop while a request and a mail are on their way. Costs one start and four seconds of waiting.</summary>
public sealed class ShutdownTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_mail_that_was_begun_is_finished_and_none_is_begun_while_the_web_server_waits_for_a_request()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        var database = new BlogDatabase(DatabaseProvider.Sqlite, $"Data Source={_directory.File("blog.db")};Pooling=False");
        await MigratedSqlite.CopyToAsync(_directory.File("blog.db"));
        await using var node = DatabaseBlog.Open(database);
        var post = await node.AddPostAsync();
        await using var blog = await BlogProcess.StartAsync(
            database,
            ("Site:BaseUrl", "https://blog.example"),
            ("Email:Transport", "Smtp"),
            ("Email:Host", "127.0.0.1"),
            ("Email:Port", $"{smtp.Port}"),
            ("Email:Connections", "1"),
            ("Email:DefaultRecipients", "a@example.com,b@example.com"),
            ("Comments:MinimumSeconds", "0"),
            ("DOTNET_SHUTDOWNTIMEOUTSECONDS", "4"));
        smtp.Delay = TimeSpan.FromSeconds(0.4);

        // The web server waits for the rest of this form until its time is over.
        using var slow = new TcpClient();
        await slow.ConnectAsync(blog.Address.Host, blog.Address.Port, Cancel);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /comments/preview HTTP/1.1\r\nHost: {blog.Address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nBody="), Cancel);
        using (var answer = await blog.CommentAsync(post.Slug, "Does this arrive?"))
        {
            Assert.Equal(303, (int)answer.StatusCode);
        }

        await smtp.WaitForCommandAsync("MAIL", Cancel);
        await blog.StopAsync();

        Assert.Single(smtp.Messages);
        await using var db = node.OpenContext();
        var mails = await db.Deliveries.Where(delivery => delivery.Channel == NotificationChannel.Email && delivery.State != DeliveryState.NotSent).ToListAsync(Cancel);
        Assert.Single(mails, delivery => delivery.State == DeliveryState.Accepted);
        Assert.Contains(mails, delivery => delivery.State == DeliveryState.Pending);
        Assert.All(mails, delivery => Assert.Equal((null, null), (delivery.LeaseOwner, delivery.SendStartedAt)));
    }

    public void Dispose() => _directory.Dispose();
}
