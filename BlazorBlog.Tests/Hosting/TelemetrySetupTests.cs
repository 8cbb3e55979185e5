using System.Diagnostics;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Builder;

namespace BlazorBlog.Hosting;

public sealed class TelemetrySetupTests
{
    [Fact]
    public async Task With_an_endpoint_traces_metrics_and_logs_go_there_without_addresses_and_secrets()
    {
        using var folder = new TemporaryDirectory();
        await MigratedSqlite.CopyWithPostAsync(folder.File("blog.db"), "the-outbox");
        await using var collector = await OtlpCollector.StartAsync();
        await using var blog = await BlogProcess.StartAsync(folder.Path, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        });

        using var browser = new Activity("browser") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        using var comment = await blog.CommentAsync("the-outbox", "Hello.");
        Assert.True(comment.Headers.Location is not null);
        using var unsubscribe = await blog.Http.GetAsync(new Uri("/notifications/t0ken-of-a-mail/unsubscribe?code=c0de-of-a-mail", UriKind.Relative), TestContext.Current.CancellationToken);

        var trace = browser.TraceId.ToHexString();
        foreach (var span in new[] { "POST /posts/{slug}/comments", "fan-out", "send", "GET /notifications/{token}/unsubscribe" })
        {
            await Eventually.WaitUntilAsync(() => collector.HasSpan(trace, span), $"the collector got {span}");
        }

        foreach (var metric in new[] { "blog.outbox.messages", "blog.notifications.attempts", "blog.comments.post.duration", "http.server.request.duration", "dotnet.gc." })
        {
            await Eventually.WaitUntilAsync(() => collector.Has("metrics", metric), $"the collector got {metric}");
        }

        await Eventually.WaitUntilAsync(() => collector.Has("logs", " is open at "), "the collector got the log");
        Assert.All(["t0ken-of-a-mail", "c0de-of-a-mail", "@example.com", "@blog.example", "+8210"], secret =>
            Assert.All(collector.Bodies.Items, item => Assert.DoesNotContain(secret, item.Body, StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_an_endpoint_nothing_is_started()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var services = builder.Services.Count;

        builder.AddTelemetry();

        Assert.Equal(services, builder.Services.Count);
    }
}
