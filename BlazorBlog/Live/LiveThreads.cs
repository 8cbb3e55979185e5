using System.Collections.Concurrent;
using System.Threading.Channels;

namespace BlazorBlog.Live;

/// <summary>
/// Tells the readers of a thread on this node that it changed; what changed, they read. Announcing never runs a reader's code: a comment's
/// request must not wait for other people's browsers.
/// </summary>
public sealed partial class LiveThreads(ILogger<LiveThreads> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, List<Subscription>> _readers = new();

    // Holds each thread at most once: many changes before the pump looks are one.
    private readonly ConcurrentDictionary<Guid, byte> _changed = new();
    private readonly Channel<Guid> _announced = Channel.CreateUnbounded<Guid>(new UnboundedChannelOptions { SingleReader = true });

    public void Announce(Guid postId)
    {
        if (_readers.ContainsKey(postId) && _changed.TryAdd(postId, 0))
        {
            _announced.Writer.TryWrite(postId);
        }
    }

    /// <summary>Calls <paramref name="changed"/> after each change until the answer is disposed. Subscribe first, then read.</summary>
    public IDisposable Subscribe(Guid postId, Func<Task> changed)
    {
        var subscription = new Subscription(this, postId, changed);
        while (true)
        {
            var readers = _readers.GetOrAdd(postId, _ => []);
            lock (readers)
            {
                // The last reader may have taken the list away in between.
                if (_readers.TryGetValue(postId, out var current) && current == readers)
                {
                    readers.Add(subscription);
                    return subscription;
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var postId in _announced.Reader.ReadAllAsync(stoppingToken))
        {
            _changed.TryRemove(postId, out _);
            if (_readers.TryGetValue(postId, out var readers))
            {
                Subscription[] current;
                lock (readers)
                {
                    current = [.. readers];
                }

                foreach (var reader in current)
                {
                    _ = NotifyAsync(reader);
                }
            }
        }
    }

    private async Task NotifyAsync(Subscription reader)
    {
        try
        {
            await reader.Changed();
        }
        catch (ObjectDisposedException)
        {
            // The circuit closed while it was being told.
        }
#pragma warning disable CA1031 // One broken browser must not cost the others their news.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogReaderFailed(exception, reader.PostId);
        }
    }

    private void Remove(Subscription subscription)
    {
        if (_readers.TryGetValue(subscription.PostId, out var readers))
        {
            lock (readers)
            {
                readers.Remove(subscription);
                if (readers.Count == 0)
                {
                    _readers.TryRemove(subscription.PostId, out _);
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A reader of thread {PostId} could not be told of a change")]
    private partial void LogReaderFailed(Exception exception, Guid postId);

    private sealed class Subscription(LiveThreads threads, Guid postId, Func<Task> changed) : IDisposable
    {
        public Guid PostId { get; } = postId;

        public Func<Task> Changed { get; } = changed;

        public void Dispose() => threads.Remove(this);
    }
}
