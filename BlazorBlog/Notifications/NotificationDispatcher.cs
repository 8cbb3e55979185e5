using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Outbox;

namespace BlazorBlog.Notifications;

/// <summary>
/// Takes committed intents to their recipients: fans out, sends, writes down. Wakes by the signal, and looks by itself in between for
/// retries that are due and for what a dead node left behind.
/// </summary>
internal sealed partial class NotificationDispatcher(
    OutboxProcessor fanOut,
    IEnumerable<DeliveryWorker> workers,
    ResultWriter results,
    DeliveryLeases leases,
    LoopSupervisor supervisor,
    OutboxSignal signal,
    NotificationSettings settings,
    TimeProvider time,
    ILogger<NotificationDispatcher> logger) : BackgroundService
{
    /// <summary>After this much of a shutdown, attempts that still run are cut off; the host waits for thirty seconds.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(20);

    /// <summary>What was cut off or never begun is still given back after that.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FailureDelay = TimeSpan.FromSeconds(1);

    private readonly DeliveryWorker[] _workers = [.. workers];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var giveUp = new CancellationTokenSource();
        using var lastWrite = new CancellationTokenSource();
        await using var timeouts = stoppingToken.Register(() =>
        {
            giveUp.CancelAfter(ShutdownTimeout);
            lastWrite.CancelAfter(ShutdownTimeout + WriteTimeout);
        });
        var sending = _workers.Select(worker => worker.RunAsync(stoppingToken, giveUp.Token)).ToArray();
        using var written = CancellationTokenSource.CreateLinkedTokenSource(lastWrite.Token);
        var writing = supervisor.RunAsync("Writing of results", () => results.RunAsync(lastWrite.Token), lastWrite.Token);
        var renewing = supervisor.RunAsync("Renewal of leases", () => leases.RunAsync(written.Token), written.Token);

        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await PollAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }

        await Task.WhenAll(sending);
        Array.ForEach(_workers, worker => worker.ReleaseAll());
        results.Complete();
        // Ends without the last results where the database is unreachable; the leases expire.
        await writing;
        await written.CancelAsync();
        await renewing;
    }

    private async Task PollAsync(CancellationToken stoppingToken)
    {
        try
        {
            var more = await FanOutAsync(stoppingToken);
            foreach (var worker in _workers)
            {
                more |= await worker.ClaimAsync(stoppingToken);
            }

            if (!more)
            {
                await signal.WaitAsync(NextDelay(), stoppingToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // Usually the database is unreachable; the worker goes on and tries again.
            LogLookFailed(exception);
            await Task.Delay(FailureDelay, time, stoppingToken);
        }
    }

    private async Task<bool> FanOutAsync(CancellationToken stoppingToken)
    {
        var (leased, more) = await fanOut.RunAsync(channel => Find(channel)?.Capacity ?? 0, stoppingToken);
        foreach (var group in leased.GroupBy(delivery => delivery.Channel))
        {
            Find(group.Key)!.Enqueue([.. group]);
        }

        return more;
    }

    private DeliveryWorker? Find(NotificationChannel channel) => Array.Find(_workers, worker => worker.Channel == channel && worker.Priority == DeliveryPriority.Normal);

    /// <summary>Until the next look: the poll interval, or sooner when a resting channel is to be tried.</summary>
    private TimeSpan NextDelay()
    {
        var now = time.GetUtcNow();
        var wake = _workers.Select(worker => worker.RestsUntil).Where(until => until > now).Select(until => until!.Value - now)
            .Append(settings.PollInterval).Min();
        return wake < settings.PollInterval ? wake : settings.PollInterval;
    }

    [LoggerMessage(LogLevel.Error, "The dispatcher could not look for work; trying again")]
    private partial void LogLookFailed(Exception exception);
}
