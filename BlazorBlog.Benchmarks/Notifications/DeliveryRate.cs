using System.Diagnostics;
using BlazorBlog.Measuring;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Notifications.Templates;
using BlazorBlog.Posts;
using BlazorBlog.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Notifications;

/// <summary>
/// Mails per second of the whole way from pending rows to rows durably marked as accepted, against the framework's own mail client that
/// sends the same mails and remembers nothing.
/// </summary>
internal sealed class DeliveryRate : IBenchmark
{
    private const int Rounds = 5;

    private const int Deliveries = 1000;

    /// <summary>At forty times less per second it need not send them all to show its rate.</summary>
    private const int MailsOfTheirs = 100;

    private const int Connections = 4;

    private const string Recipient = "jin@blog.example";

    public string Name => "deliveries";

    public async Task RunAsync(Report report)
    {
        using var sink = await OwnServer.StartSinkAsync();
        using var scratch = new Scratch();
        var settings = BlogHost.Settings(scratch, sink.Address.Port);
        settings["Email:Connections"] = $"{Connections}";
        await using var blog = await BlogHost.OpenAsync(settings);
        var post = await blog.AddPostAsync(comments: 0);
        var mail = await RenderAsync(blog, post);
        using var client = new FrameworkMailClient(sink.Address.Port);
        await blog.StartAsync();
        var comparison = await Comparison.MeasureAsync(
            Rounds,
            ours: () => MeasureAsync(blog, post),
            theirs: () => client.MeasureAsync(mail, Recipient, MailsOfTheirs));
        report.Add($"claim, send, mark, {Connections} connections | System.Net.Mail", "mails/s", comparison, Budget.AtLeast(40));
    }

    private static async Task<RenderedEmail> RenderAsync(BlogHost blog, Post post)
    {
        await using var db = await blog.OpenDatabaseAsync();
        var comments = await BlogHost.AddCommentsAsync(db, post, 1);
        var (_, notice, _, _) = (await blog.Services.GetRequiredService<NotificationLoader>().ReadAsync([Pending(comments[0].Id)], CancellationToken.None)).Single();
        return await blog.Services.GetRequiredService<NotificationRenderer>().RenderEmailAsync((CommentNotification)notice!);
    }

    private static async Task<double> MeasureAsync(BlogHost blog, Post post)
    {
        await using var db = await blog.OpenDatabaseAsync();
        var comments = await BlogHost.AddCommentsAsync(db, post, Deliveries);
        db.Deliveries.AddRange(comments.Select(comment => Pending(comment.Id)));
        await db.SaveChangesAsync();

        var started = Stopwatch.GetTimestamp();
        blog.Services.GetRequiredService<OutboxSignal>().Notify();
        while (await db.Deliveries.AnyAsync(delivery => delivery.State == DeliveryState.Pending))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }

        var rate = Deliveries / Stopwatch.GetElapsedTime(started).TotalSeconds;
        return await db.Deliveries.AllAsync(delivery => delivery.State == DeliveryState.Accepted)
            ? rate
            : throw new InvalidOperationException("Not every mail was taken.");
    }

    private static Delivery Pending(Guid commentId)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new Delivery
        {
            CommentId = commentId,
            Event = NotificationEvent.CommentPublished,
            RecipientKey = $"email:{Recipient}",
            Channel = NotificationChannel.Email,
            CreatedAt = now,
            DueAt = now,
        };
    }
}
