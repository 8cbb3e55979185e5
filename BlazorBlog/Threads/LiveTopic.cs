using System.Threading.Channels;

namespace BlazorBlog.Threads;

/// <summary>A thread that has readers on this node. It is made with the first of them and ends with the last.</summary>
internal sealed partial class LiveTopic(Guid postId, ThreadSnapshots snapshots, Action<LiveTopic> emptied, TimeProvider time, ILogger logger)
    : IDisposable
{
    /// <summary>After a change went out, those that follow wait for each other this long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan FailureDelay = TimeSpan.FromSeconds(1);

    /// <summary>How often readers hear of their number: each update costs one message per reader.</summary>
    private static readonly TimeSpan CountPause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly HashSet<ThreadSubscription> _readers = [];
    private readonly CancellationTokenSource _ended = new();

    // Capacity 1: wake-ups that arrive before the pump reads are merged into one.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _isClosed;
    private bool _isCounting;

    public Guid PostId => postId;

    /// <summary>As last told to the readers; null before it was first read.</summary>
    public ThreadView? Thread { get; private set; }

    /// <summary>Those who have it in sight, as last told to the readers.</summary>
    public int Readers { get; private set; }

    /// <summary>All of them, now.</summary>
    public int Subscribed
    {
        get
        {
            lock (_lock)
            {
                return _readers.Count;
            }
        }
    }

    /// <returns>Null when the topic has just ended.</returns>
    public ThreadSubscription? Add(long after, Func<Task> changed)
    {
        var subscription = new ThreadSubscription(this, after, changed, exception => LogReaderFailed(exception, postId));
        bool isFirst;
        lock (_lock)
        {
            if (_isClosed)
            {
                return null;
            }

            isFirst = _readers.Count == 0;
            _readers.Add(subscription);
        }

        if (isFirst)
        {
            // What was saved between the page and its circuit is found by this first look.
            Wake();
            // On a pool thread: otherwise the pump would run in the first reader's circuit and block it.
            _ = Task.Run(PumpAsync, CancellationToken.None);
        }
        else if (Thread?.Sequence > after)
        {
            subscription.Tell();
        }

        return subscription;
    }

    public void Remove(ThreadSubscription subscription)
    {
        bool isLast;
        lock (_lock)
        {
            if (!_readers.Remove(subscription))
            {
                return;
            }

            isLast = _isClosed = _readers.Count == 0;
        }

        if (isLast)
        {
            emptied(this);
            _ended.Cancel();
        }
        else if (subscription.IsVisible)
        {
            CountReaders();
        }
    }

    /// <summary>The thread changed; what changed is read by the pump.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public void CountReaders()
    {
        lock (_lock)
        {
            if (_isCounting || _isClosed)
            {
                return;
            }

            _isCounting = true;
        }

        _ = Task.Run(TellCountAsync, CancellationToken.None);
    }

    public void Dispose() => _ended.Dispose();

    private async Task PumpAsync()
    {
        var isAway = false;
        try
        {
            while (await _wake.Reader.ReadAsync(_ended.Token))
            {
                try
                {
                    var thread = await snapshots.RefreshAsync(postId, _ended.Token);
                    isAway = false;
                    if (thread != Thread)
                    {
                        Thread = thread;
                        TellAll();
                    }

                    await Task.Delay(Pause, time, _ended.Token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !_ended.IsCancellationRequested)
                {
                    // Usually the database is unreachable; the subscriptions stay, and Wake makes the loop read again.
                    // Only the first failure of an outage is logged: each thread tries every second.
                    if (!isAway)
                    {
                        LogReadFailed(exception, postId);
                    }

                    isAway = true;
                    Wake();
                    await Task.Delay(FailureDelay, time, _ended.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The last reader left.
        }
        finally
        {
            Dispose();
        }
    }

    private async Task TellCountAsync()
    {
        try
        {
            await Task.Delay(CountPause, time, _ended.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }

        int count;
        lock (_lock)
        {
            _isCounting = false;
            count = _readers.Count(reader => reader.IsVisible);
        }

        if (count != Readers)
        {
            Readers = count;
            TellAll();
        }
    }

    private void TellAll()
    {
        ThreadSubscription[] readers;
        lock (_lock)
        {
            readers = [.. _readers];
        }

        foreach (var reader in readers)
        {
            reader.Tell();
        }
    }

    [LoggerMessage(LogLevel.Warning, "A reader of thread {PostId} could not be told of a change")]
    private partial void LogReaderFailed(Exception exception, Guid postId);

    [LoggerMessage(LogLevel.Warning, "Thread {PostId} could not be read; trying again")]
    private partial void LogReadFailed(Exception exception, Guid postId);
}
