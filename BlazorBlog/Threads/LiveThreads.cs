using System.Collections.Concurrent;

namespace BlazorBlog.Threads;

/// <summary>
/// The threads that have readers on this node. A wake-up says only that a thread changed; what changed is read once, and every reader is
/// told on its own. Waking never runs a reader's code: a comment's request must not wait for other people's browsers.
/// </summary>
public sealed class LiveThreads : IDisposable
{
    private readonly ConcurrentDictionary<Guid, LiveTopic> _topics = new();
    private readonly ThreadSnapshots _snapshots;
    private readonly ThreadSignal _signal;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveThreads> _logger;

    public LiveThreads(ThreadSnapshots snapshots, ThreadSignal signal, TimeProvider time, ILogger<LiveThreads> logger)
    {
        (_snapshots, _signal, _time, _logger) = (snapshots, signal, time, logger);
        _signal.Changed += Wake;
    }

    /// <summary>The threads with readers.</summary>
    public ICollection<Guid> Active => _topics.Keys;

    /// <summary>Of all threads together, in sight or not.</summary>
    public int Readers => _topics.Values.Sum(topic => topic.Subscribed);

    /// <summary>Calls <paramref name="changed"/> after each change until the answer is disposed. Subscribe first, then read.</summary>
    /// <param name="postId">The thread.</param>
    /// <param name="after">The number of the last change that the reader has seen.</param>
    /// <param name="changed">Runs on a thread of the pool, never twice at a time for one reader.</param>
    public ThreadSubscription Subscribe(Guid postId, long after, Func<Task> changed)
    {
        while (true)
        {
            var topic = _topics.GetOrAdd(postId, id => new LiveTopic(id, _snapshots, ended => _topics.TryRemove(KeyValuePair.Create(ended.PostId, ended)), _time, _logger));
            if (topic.Add(after, changed) is { } subscription)
            {
                return subscription;
            }
        }
    }

    /// <summary>A thread changed.</summary>
    public void Wake(Guid postId)
    {
        if (_topics.TryGetValue(postId, out var topic))
        {
            topic.Wake();
        }
    }

    /// <summary>Every thread may have changed: the wake-ups of a while were lost.</summary>
    public void WakeAll()
    {
        foreach (var topic in _topics.Values)
        {
            topic.Wake();
        }
    }

    /// <summary>A thread stands at a number; wakes it when its readers have not got so far.</summary>
    /// <returns>Whether it was behind.</returns>
    public bool WakeIfBehind(Guid postId, long sequence)
    {
        if (!_topics.TryGetValue(postId, out var topic) || topic.Thread is not { } thread || thread.Sequence >= sequence)
        {
            return false;
        }

        topic.Wake();
        return true;
    }

    public void Dispose() => _signal.Changed -= Wake;
}
