using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using BlazorBlog.Notifications.Outbox;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>
/// Sends the leased deliveries of one channel and priority: reads their notices together, hands them to as many senders as the transport has
/// connections, and passes each result to the ledger. One notice that hangs or fails holds up one sender, not the others.
/// </summary>
internal sealed partial class DeliveryWorker(
    INotificationSender sender,
    ChannelCircuit circuit,
    DeliveryStore ledger,
    DeliveryLeases leases,
    ResultWriter results,
    DeliveryRules rules,
    OutboxSignal signal,
    LoopSupervisor supervisor,
    TimeProvider time,
    ILogger<DeliveryWorker> logger)
{
    private const int MaxInHand = 200;

    private const int ReadTogether = 50;

    private static readonly TimeSpan FailureDelay = TimeSpan.FromMinutes(1);

    /// <summary>A text read longer ago than this is read again before it is sent: it may have been edited or removed.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Channel<Delivery> _queued = System.Threading.Channels.Channel.CreateUnbounded<Delivery>();
    private readonly Channel<ReadNotice> _ready = System.Threading.Channels.Channel.CreateBounded<ReadNotice>(ReadTogether);

    /// <summary>Ids of what was taken and has no result.</summary>
    private readonly ConcurrentDictionary<Guid, byte> _inHand = [];

    /// <summary>How many these are. Counted beside, so that of two results at once each sees a number of its own.</summary>
    private int _inHandCount;

    public NotificationChannel Channel => sender.Channel;

    public DeliveryPriority Priority => sender.Priority;

    /// <summary>Deliveries that may still be taken.</summary>
    public int Capacity => Math.Max(0, circuit.Allowed(MaxInHand) - Volatile.Read(ref _inHandCount));

    /// <summary>When a resting channel is tried next.</summary>
    public DateTimeOffset? RestsUntil => circuit.RestsUntil;

    /// <summary>Takes what is due, up to the capacity.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> ClaimAsync(CancellationToken cancellationToken)
    {
        var most = Math.Min(Capacity, ReadTogether);
        if (most == 0)
        {
            return false;
        }

        var claimed = await ledger.ClaimAsync(sender.Channel, sender.Priority, most, cancellationToken);
        Enqueue(claimed);
        return claimed.Count == most;
    }

    public void Enqueue(IReadOnlyCollection<Delivery> leased)
    {
        foreach (var delivery in leased.Where(leases.Hold))
        {
            _inHand[delivery.Id] = 0;
            Interlocked.Increment(ref _inHandCount);
            _queued.Writer.TryWrite(delivery);
        }
    }

    /// <summary>Sends until <paramref name="stopping"/>, then waits for what was begun.</summary>
    /// <param name="stopping">No new attempt begins.</param>
    /// <param name="giveUp">Attempts that still run are cut off.</param>
    public Task RunAsync(CancellationToken stopping, CancellationToken giveUp) =>
        Task.WhenAll(
        [
            supervisor.RunAsync($"Reading of notices by {Channel} ({Priority})", () => ReadNoticesAsync(stopping), stopping),
            .. Enumerable.Range(0, sender.Parallelism)
                .Select(_ => supervisor.RunAsync($"Sending by {Channel} ({Priority})", () => SendNoticesAsync(stopping, giveUp), stopping)),
        ]);

    /// <summary>Releases what was not begun. Call it after <see cref="RunAsync"/> has ended and <see cref="Enqueue"/> is no longer called.</summary>
    public void ReleaseAll()
    {
        var now = time.GetUtcNow();
        while (_ready.Reader.TryRead(out var notice))
        {
            Complete(new DeliveryResult(notice.Reading.Delivery, delivery => delivery.Release(now)));
        }

        while (_queued.Reader.TryRead(out var held))
        {
            Complete(new DeliveryResult(held, delivery => delivery.Release(now)));
        }
    }

    private async Task ReadNoticesAsync(CancellationToken stopping)
    {
        var taken = new Queue<Delivery>(ReadTogether);
        try
        {
            while (await _queued.Reader.WaitToReadAsync(stopping))
            {
                while (taken.Count < ReadTogether && _queued.Reader.TryRead(out var delivery))
                {
                    taken.Enqueue(delivery);
                }

                foreach (var notice in await ReadAsync([.. taken], stopping))
                {
                    await _ready.Writer.WriteAsync(notice, stopping);
                    taken.Dequeue();
                }

                taken.Clear();
            }
        }
        finally
        {
            // Stopping, or failed: what was not passed on is given back or read again with the rest.
            foreach (var delivery in taken)
            {
                _queued.Writer.TryWrite(delivery);
            }
        }
    }

    private async Task<IReadOnlyList<ReadNotice>> ReadAsync(IReadOnlyList<Delivery> batch, CancellationToken cancellationToken)
    {
        try
        {
            var at = time.GetUtcNow();
            return [.. (await sender.ReadAsync(batch, cancellationToken)).Select(reading => new ReadNotice(reading, at))];
        }
        catch (Exception exception) when (batch.Count == 1 && !IsStop(exception, cancellationToken))
        {
            // The database is unreachable, or the row cannot be read: the delivery is tried again later.
            LogReadFailed(exception, batch[0].Id);
            Complete(rules.CompleteUncalled(batch[0], Failure(exception), time.GetUtcNow()));
            return [];
        }
        catch (Exception exception) when (!IsStop(exception, cancellationToken))
        {
            // One of them cannot be read: read them one by one, so that the others are still sent.
            List<ReadNotice> read = [];
            foreach (var delivery in batch)
            {
                read.AddRange(await ReadAsync([delivery], cancellationToken));
            }

            return read;
        }
    }

    private async Task SendNoticesAsync(CancellationToken stopping, CancellationToken giveUp)
    {
        try
        {
            while (await _ready.Reader.WaitToReadAsync(stopping))
            {
                var batch = new List<ReadNotice>();
                while (batch.Count < sender.NoticesPerCall && !stopping.IsCancellationRequested && _ready.Reader.TryRead(out var notice))
                {
                    batch.Add(notice);
                }

                if (batch.Count > 0)
                {
                    await SendOrReleaseAsync(batch, stopping, giveUp);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <summary>What a fault of ours leaves without a result is given back: held on, its lease would be renewed for ever and nobody send it.</summary>
    private async Task SendOrReleaseAsync(List<ReadNotice> batch, CancellationToken stopping, CancellationToken giveUp)
    {
        try
        {
            await SendAsync(batch, stopping, giveUp);
        }
#pragma warning disable CA1031 // Whatever it is, the loop goes on to the next notice.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogSendFailed(exception, batch[0].Reading.Delivery.Id);
            var later = time.GetUtcNow() + FailureDelay;
            foreach (var read in batch.Where(read => _inHand.ContainsKey(read.Reading.Delivery.Id)))
            {
                Complete(new DeliveryResult(read.Reading.Delivery, delivery => delivery.Release(later)));
            }
        }
    }

    private async Task SendAsync(List<ReadNotice> batch, CancellationToken stopping, CancellationToken giveUp)
    {
        var prepared = new List<Prepared>();
        foreach (var read in batch)
        {
            if (await PrepareOrCompleteAsync(read, giveUp) is { } sendable)
            {
                prepared.Add(sendable);
            }
        }

        if (prepared.Count == 0 || stopping.IsCancellationRequested)
        {
            Release(prepared);
            return;
        }

        IReadOnlySet<Guid> begun;
        try
        {
            begun = await ledger.StartSendingAsync([.. prepared.Select(sendable => sendable.Delivery)], giveUp);
        }
        catch (Exception exception)
        {
            // Not written down, so not sent.
            LogStartFailed(exception, prepared.Count);
            Release(prepared);
            return;
        }

        // A lost one is sent by its new owner.
        Release(prepared.Where(sendable => !begun.Contains(sendable.Delivery.Id)));
        prepared.RemoveAll(sendable => !begun.Contains(sendable.Delivery.Id));
        if (prepared.Count > 0)
        {
            await CallAsync(prepared, giveUp);
        }
    }

    private async Task<Prepared?> PrepareOrCompleteAsync(ReadNotice read, CancellationToken giveUp)
    {
        try
        {
            return await PrepareAsync(read, giveUp);
        }
        catch (Exception exception) when (!IsStop(exception, giveUp))
        {
            LogSendFailed(exception, read.Reading.Delivery.Id);
            Complete(rules.CompleteUncalled(read.Reading.Delivery, Failure(exception), time.GetUtcNow()));
            return null;
        }
        catch (OperationCanceledException)
        {
            Complete(new DeliveryResult(read.Reading.Delivery, delivery => delivery.Release(time.GetUtcNow())));
            return null;
        }
    }

    /// <returns>The notice if it may be sent now, with its message; else its result is settled.</returns>
    private async Task<Prepared?> PrepareAsync(ReadNotice read, CancellationToken giveUp)
    {
        var delivery = read.Reading.Delivery;
        if (time.GetUtcNow() - read.At > Fresh)
        {
            if (await ReadAsync([delivery], giveUp) is not [{ } again])
            {
                return null;
            }

            read = again;
        }

        var now = time.GetUtcNow();
        if (rules.Before(delivery, read.Reading.Reason, now) is { } result)
        {
            if (result.Attempt is { Outcome: SendOutcome.Permanent } attempt)
            {
                LogGivenUp(delivery.Id, attempt.Code);
            }

            Complete(result);
            return null;
        }

        if (read.Reading.NotBefore is { } later)
        {
            Complete(new DeliveryResult(delivery, row => row.Release(later)));
            return null;
        }

        var sendable = new Prepared(read.Reading.Notification!, await sender.ComposeAsync(read.Reading.Notification!));
        if (sender.RequiresDeduplication && delivery.SendStartedAt is { } startedAt && await FindAsync(sendable.Message, startedAt, giveUp) is { } found)
        {
            Complete(rules.CompleteReconciliation(delivery, found, time.GetUtcNow(), sendable.Notification.Address));
            return null;
        }

        return sendable;
    }

    /// <summary>An exception here must not become a new attempt: the earlier one may have arrived.</summary>
    private async Task<SendResult?> FindAsync(OutgoingMessage message, DateTimeOffset startedAt, CancellationToken giveUp)
    {
        using var timeout = new CancellationTokenSource(sender.CallTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, giveUp);
        try
        {
            return await sender.FindAsync(message, startedAt, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return SendResult.Transient("not answered", "The provider was not asked to the end.");
        }
        catch (Exception exception)
        {
            return Failure(exception);
        }
    }

    private async Task CallAsync(IReadOnlyList<Prepared> batch, CancellationToken giveUp)
    {
        IReadOnlyList<SendResult> outcomes;
        try
        {
            outcomes = await CallTransportAsync(batch, giveUp);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            Release(batch);
            return;
        }
        catch (Exception exception)
        {
            // Some of it may have been handed over, so none of it is sent again unasked where a repeat would be a second message.
            LogSendFailed(exception, batch[0].Delivery.Id);
            var failure = Failure(exception);
            outcomes = [.. Enumerable.Repeat(sender.RequiresDeduplication ? failure with { Outcome = SendOutcome.Unknown } : failure, batch.Count)];
        }

        var at = time.GetUtcNow();
        foreach (var (sendable, outcome) in batch.Zip(outcomes))
        {
            Record(sendable.Delivery, outcome, at);
            if (outcome is { Outcome: SendOutcome.Permanent, IsOurFault: true })
            {
                LogGivenUp(sendable.Delivery.Id, outcome.Code);
            }

            Complete(rules.Complete(sendable.Delivery, outcome, at, sendable.Notification.Address));
        }
    }

    private async Task<IReadOnlyList<SendResult>> CallTransportAsync(IReadOnlyList<Prepared> batch, CancellationToken giveUp)
    {
        using var timeout = new CancellationTokenSource(sender.CallTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, giveUp);
        using var activities = new CausedActivities(NotificationTelemetry.Send, ActivityKind.Producer, batch.Select(sendable => sendable.Notification.TraceParent));
        activities.SetTags(NotificationTelemetry.ChannelTag, batch.Select(_ => sender.Channel.ToString()));
        var outcomes = await sender.SendAsync([.. batch.Select(sendable => sendable.Message)], limit.Token);
        if (outcomes.Count != batch.Count)
        {
            throw new InvalidOperationException($"The transport answered {outcomes.Count} results for {batch.Count} messages.");
        }

        activities.SetTags(NotificationTelemetry.OutcomeTag, outcomes.Select(outcome => outcome.Outcome.ToString()));
        return outcomes;
    }

    private void Record(Delivery delivery, SendResult outcome, DateTimeOffset at)
    {
        NotificationTelemetry.Attempts.Add(1, NotificationTelemetry.Channel(sender.Channel), new(NotificationTelemetry.OutcomeTag, outcome.Outcome.ToString()));
        if (outcome.Outcome == SendOutcome.Accepted)
        {
            NotificationTelemetry.HandOff.Record((at - delivery.CreatedAt).TotalSeconds, NotificationTelemetry.Channel(sender.Channel));
        }
    }

    private void Release(IEnumerable<Prepared> unsent)
    {
        var now = time.GetUtcNow();
        foreach (var sendable in unsent)
        {
            Complete(new DeliveryResult(sendable.Delivery, delivery => delivery.Release(now)));
        }
    }

    private void Complete(DeliveryResult result)
    {
        _inHand.TryRemove(result.Delivery.Id, out _);
        results.Add(result);

        // Half empty or empty: wake the dispatcher to claim more.
        if (Interlocked.Decrement(ref _inHandCount) is 0 or MaxInHand / 2)
        {
            signal.Notify();
        }
    }

    /// <summary>Only cancellation by our own token stops the worker; any other, such as a timeout, is a failure like other exceptions.</summary>
    private static bool IsStop(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private static SendResult Failure(Exception exception) => SendResult.Transient("exception", $"{exception.GetType().Name}: {exception.Message}");

    [LoggerMessage(LogLevel.Error, "The notice of delivery {DeliveryId} could not be read")]
    private partial void LogReadFailed(Exception exception, Guid deliveryId);

    [LoggerMessage(LogLevel.Error, "The start of {Count} attempts could not be written down; they are not sent")]
    private partial void LogStartFailed(Exception exception, int count);

    [LoggerMessage(LogLevel.Error, "Delivery {DeliveryId} failed in rendering or transport")]
    private partial void LogSendFailed(Exception exception, Guid deliveryId);

    [LoggerMessage(LogLevel.Error, "Delivery {DeliveryId} is given up by a fault of ours: {Code}")]
    private partial void LogGivenUp(Guid deliveryId, string? code);

    private sealed record ReadNotice(LoadedNotification Reading, DateTimeOffset At);

    private sealed record Prepared(Notification Notification, OutgoingMessage Message)
    {
        public Delivery Delivery => Notification.Delivery;
    }
}
