using System.Diagnostics.Metrics;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications;

/// <summary>
/// What waits, and which channels rest. Read once per collection of metrics, and not at all without a collector. What
/// stands in the database is the same on all nodes.
/// </summary>
internal sealed partial class NotificationGauges(
    IMeterFactory meters,
    IDbContextFactory<BlogDbContext> contexts,
    IEnumerable<DeliveryWorker> pipelines,
    TimeProvider time,
    ILogger<NotificationGauges> logger) : IHostedService
{
    private volatile bool _isStopped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(NotificationTelemetry.Name);
        meter.CreateObservableGauge("blog.outbox.messages", () => Ask(CountOutbox), "{message}", "Outbox messages that are not fanned out yet");
        meter.CreateObservableGauge("blog.notifications.oldest_due.age", () => Ask(ReadOldest), "s", "How long the oldest delivery is due; 0 when none is");
        meter.CreateObservableGauge("blog.notifications.circuit.open", ReadCircuits, "1", "1 while the channel rests on this node after a failure as a whole, else 0");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopped = true;
        return Task.CompletedTask;
    }

    private static IEnumerable<Measurement<long>> CountOutbox(BlogDbContext db) =>
        [new(db.OutboxMessages.LongCount(message => message.ProcessedAt == null))];

    private IEnumerable<Measurement<double>> ReadOldest(BlogDbContext db)
    {
        var now = time.GetUtcNow();
        // One channel at a time, for that is what the index of due deliveries begins with.
        foreach (var channel in Enum.GetValues<NotificationChannel>())
        {
            var oldest = db.Deliveries
                .Where(delivery => delivery.State == DeliveryState.Pending && delivery.Channel == channel && delivery.DueAt <= now)
                .OrderBy(delivery => delivery.DueAt).Select(delivery => (DateTimeOffset?)delivery.DueAt).FirstOrDefault();
            yield return new((now - (oldest ?? now)).TotalSeconds, NotificationTelemetry.Channel(channel));
        }
    }

    private IEnumerable<Measurement<int>> ReadCircuits() =>
        pipelines.Select(pipeline => new Measurement<int>(pipeline.RestsUntil is null ? 0 : 1, NotificationTelemetry.Channel(pipeline.Channel)));

    /// <returns>Nothing while the database is away: an exception would cost the collector its other measurements as well.</returns>
    private IEnumerable<Measurement<T>> Ask<T>(Func<BlogDbContext, IEnumerable<Measurement<T>>> question) where T : struct
    {
        // An exporter collects once more while services are disposed of, contexts among them.
        if (_isStopped)
        {
            return [];
        }

        try
        {
            using var db = contexts.CreateDbContext();
            return [.. question(db)];
        }
#pragma warning disable CA1031 // Whatever a database away throws, see above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception);
            return [];
        }
    }

    [LoggerMessage(LogLevel.Warning, "The state of the outbox could not be measured")]
    private partial void LogFailed(Exception exception);
}
