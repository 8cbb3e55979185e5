namespace BlazorBlog.Threads;

/// <summary>One reader's place at a thread. Dispose it with the reader.</summary>
public sealed class ThreadSubscription : IDisposable
{
    private const int Idle = 0, Telling = 1, TellingAndMore = 2;

    private readonly LiveTopic _topic;
    private readonly Func<Task> _changed;
    private readonly Action<Exception> _failed;
    private long _sequence;
    private int _state;
    private volatile bool _disposed;

    internal ThreadSubscription(LiveTopic topic, long after, Func<Task> changed, Action<Exception> failed)
    {
        _topic = topic;
        _sequence = after;
        _changed = changed;
        _failed = failed;
    }

    /// <summary>Whether the window that shows the thread is in sight; counts it among the readers.</summary>
    public bool IsVisible { get; private set; }

    /// <summary>Everything since the last call, or since the number that the reader came with. Call it from one place at a time.</summary>
    /// <returns>Null while the thread was not read yet.</returns>
    public ThreadUpdate? Take()
    {
        if (_topic.Thread is not { } thread)
        {
            return null;
        }

        var after = Math.Max(_sequence, thread.ArrivalsAfter);
        _sequence = Math.Max(_sequence, thread.Sequence);
        return new ThreadUpdate(thread, [.. thread.Arrivals.Where(arrival => arrival.Sequence > after)], _topic.Readers);
    }

    public void Show(bool visible)
    {
        if (IsVisible != visible)
        {
            IsVisible = visible;
            _topic.CountReaders();
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _topic.Remove(this);
        }
    }

    /// <summary>
    /// Notifies the reader on a pool thread, so that a slow reader does not delay the others. A reader still busy with the last update gets
    /// everything since then in one update.
    /// </summary>
    internal void Tell()
    {
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _state, Telling, Idle))
            {
                case Idle:
                    ThreadPool.UnsafeQueueUserWorkItem(static subscription => _ = subscription.TellAsync(), this, preferLocal: false);
                    return;
                case Telling when Interlocked.CompareExchange(ref _state, TellingAndMore, Telling) != Telling:
                    continue;
                default:
                    return;
            }
        }
    }

    private async Task TellAsync()
    {
        do
        {
            Volatile.Write(ref _state, Telling);
            if (_disposed)
            {
                return;
            }

            try
            {
                await _changed();
            }
            catch (ObjectDisposedException) when (_disposed)
            {
                // The circuit closed during the call.
                return;
            }
#pragma warning disable CA1031 // One broken browser must not cost the others their news.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _failed(exception);
            }
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Telling) != Telling);
    }
}
