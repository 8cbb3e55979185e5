using System.Threading.Channels;
using BlazorBlog.Data.Providers;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>
/// Collects results for a moment and saves them together: one commit for up to fifty. While the database is away it keeps them and tries
/// again, for what was sent must not be sent twice.
/// </summary>
internal sealed partial class ResultWriter(DeliveryStore ledger, DeliveryLeases leases, TimeProvider time, ILogger<ResultWriter> logger)
{
    private const int LargestBatch = 50;

    /// <summary>After this many refusals of the same result it is given up.</summary>
    private const int MostRefusals = 5;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Channel<DeliveryResult> _results = Channel.CreateUnbounded<DeliveryResult>(new UnboundedChannelOptions { SingleReader = true });

    public void Add(DeliveryResult result) => _results.Writer.TryWrite(result);

    /// <summary>No more results come; <see cref="RunAsync"/> returns once all are saved.</summary>
    public void Complete() => _results.Writer.TryComplete();

    /// <param name="giveUp">Ends the tries of a shutdown whose database is away.</param>
    public async Task RunAsync(CancellationToken giveUp)
    {
        while (await _results.Reader.WaitToReadAsync(giveUp))
        {
            await SaveAsync(await GatherAsync(giveUp), isRepeat: false, giveUp);
        }
    }

    private async Task<List<DeliveryResult>> GatherAsync(CancellationToken giveUp)
    {
        var batch = new List<DeliveryResult>(LargestBatch);
        using var gathering = new CancellationTokenSource(Gathering, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gathering.Token, giveUp);
        try
        {
            do
            {
                while (batch.Count < LargestBatch && _results.Reader.TryRead(out var result))
                {
                    batch.Add(result);
                }
            }
            while (batch.Count < LargestBatch && await _results.Reader.WaitToReadAsync(either.Token));
        }
        catch (OperationCanceledException) when (!giveUp.IsCancellationRequested)
        {
            // The collecting interval has ended.
        }

        return batch;
    }

    private async Task SaveAsync(IReadOnlyList<DeliveryResult> batch, bool isRepeat, CancellationToken giveUp)
    {
        for (var refusals = 0; ; isRepeat = true)
        {
            try
            {
                await ledger.SaveAsync(batch, isRepeat, giveUp);
                Drop(batch);
                return;
            }
            catch (Exception exception) when (batch.Count > 1 && !IsStop(exception))
            {
                // One of them may be to blame: save them one by one, so that the others are still written.
                LogSaveFailed(exception, batch.Count);
                foreach (var ofOne in batch.GroupBy(result => result.Delivery.Id))
                {
                    await SaveAsync([ofOne.Last()], isRepeat: true, giveUp);
                }

                return;
            }
            catch (Exception exception) when (!IsStop(exception) && DatabaseErrors.IsRefusal(exception) && ++refusals == MostRefusals)
            {
                // Its lease is renewed on: let go, it would be sent again and again.
                LogRefused(exception, batch[0].Delivery.Id);
                return;
            }
            catch (Exception exception) when (!IsStop(exception))
            {
                LogSaveFailed(exception, batch.Count);
                await Task.Delay(RetryDelay, time, giveUp);
            }
        }

        bool IsStop(Exception exception) => exception is OperationCanceledException && giveUp.IsCancellationRequested;
    }

    private void Drop(IReadOnlyList<DeliveryResult> batch)
    {
        foreach (var result in batch)
        {
            leases.Drop(result.Delivery.Id);
        }
    }

    [LoggerMessage(LogLevel.Critical, "The result of delivery {DeliveryId} is refused by the database; the notice stays as it is until this process ends")]
    private partial void LogRefused(Exception exception, Guid deliveryId);

    [LoggerMessage(LogLevel.Error, "The results of {Count} deliveries could not be saved; trying again")]
    private partial void LogSaveFailed(Exception exception, int count);
}
