using BlazorBlog.Comments;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace BlazorBlog.Threads;

/// <summary>
/// The threads as this node knows them, one immutable copy for all its readers, kept up by reading only what changed. Those that are not
/// looked at for a while are forgotten.
/// </summary>
/// <param name="feed">Reads what changed.</param>
/// <param name="settings">How deep threads nest.</param>
/// <param name="time">By which threads are forgotten.</param>
/// <param name="mostBytes">All threads together, as <see cref="Snapshot.Size"/> estimates them; beyond it those used least give way.</param>
public sealed class ThreadSnapshots(ThreadChangeReader feed, CommentSettings settings, TimeProvider time, long mostBytes = 128 * 1024 * 1024) : IDisposable
{
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _threads = new(new MemoryCacheOptions { SizeLimit = mostBytes, Clock = new Clock(time) });

    /// <summary>The thread, no older than a number that the asker knows; empty for a post that does not exist.</summary>
    /// <param name="postId">The post.</param>
    /// <param name="atLeast">Where the copy at hand has this number or a later one, no question goes to the database.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public ValueTask<ThreadView> ReadAsync(Guid postId, long atLeast, CancellationToken cancellationToken) =>
        _threads.TryGetValue(postId, out Snapshot? known) && known!.View is { } view && view.Sequence >= atLeast
            ? ValueTask.FromResult(view)
            : new ValueTask<ThreadView>(RefreshAsync(postId, cancellationToken));

    /// <summary>The thread as it stands now. Those who ask while a question is under way share the next one.</summary>
    public Task<ThreadView> RefreshAsync(Guid postId, CancellationToken cancellationToken)
    {
        var snapshot = _threads.GetOrCreate(postId, entry =>
        {
            entry.Size = Snapshot.Empty;
            entry.SlidingExpiration = Unused;
            return new Snapshot();
        })!;
        return snapshot.RefreshAsync(() => ReadChangesAsync(postId, snapshot)).WaitAsync(cancellationToken);
    }

    /// <summary>Renews the sliding expiration while a reader has the thread open: a rebuilt snapshot has lost their unseen arrivals.</summary>
    internal void Keep(Guid postId) => _threads.TryGetValue(postId, out _);

    public void Dispose() => _threads.Dispose();

    private async Task<ThreadView> ReadChangesAsync(Guid postId, Snapshot snapshot)
    {
        // The query is shared by all callers that wait, so the cancellation of the first must not end it.
        if (await feed.ReadAsync(postId, snapshot.View?.Sequence ?? 0, CancellationToken.None) is not { } changes)
        {
            return ThreadBuilder.Build(new ThreadHead(postId, "", null, 0, [], 0), [], settings.MaxDepth);
        }

        var before = snapshot.View;
        var view = snapshot.Apply(postId, changes, settings.MaxDepth);
        if (before is null || changes.Rows.Count > 0)
        {
            // A cache learns the size of an entry only when it is put there.
            _threads.Set(postId, snapshot, new MemoryCacheEntryOptions { Size = snapshot.Size, SlidingExpiration = Unused });
        }

        return view;
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }

    private sealed class Snapshot
    {
        /// <summary>Arrivals that are remembered for readers who were away for a moment.</summary>
        private const int Tail = 100;

        /// <summary>Of a thread without comments, in bytes.</summary>
        public const int Empty = 1_024;

        /// <summary>Of a comment beside its texts: record, view, places in the maps, and the markup around its words.</summary>
        private const int PerComment = 4_096;

        private readonly Lock _lock = new();

        // Only one reading is under way at a time, and only that one touches the rows.
        private readonly Dictionary<Guid, CommentRecord> _rows = [];
        private Task<ThreadView>? _running;
        private Task<ThreadView>? _next;

        public ThreadView? View { get; private set; }

        /// <summary>About what it takes, in bytes, once all its cards are made. A comment's words stand in its row and in its card.</summary>
        public long Size { get; private set; } = Empty;

        public Task<ThreadView> RefreshAsync(Func<Task<ThreadView>> read)
        {
            lock (_lock)
            {
                return _next ??= Task.Run(() => RunAsync(_running, read));
            }
        }

        public ThreadView Apply(Guid postId, ThreadChanges changes, int maxDepth)
        {
            if (View is { } same && changes.Rows.Count == 0 && same.Slug == changes.Slug && same.Head.ClosedAt == changes.ClosedAt && same.Sequence == changes.Sequence)
            {
                return same;
            }

            List<ThreadArrival> arrivals = [.. View?.Arrivals ?? []];
            foreach (var row in changes.Rows)
            {
                var wasVisible = _rows.TryGetValue(row.Id, out var known) && known.IsVisible;
                if (View is not null && row.IsVisible && !wasVisible)
                {
                    arrivals.Add(new ThreadArrival(row.Sequence, row.Id, row.AuthorName));
                }

                // If only reactions changed, keep the same Html instance: markup is reused by reference equality.
                Size += SizeOf(row) - (known is null ? 0 : SizeOf(known));
                _rows[row.Id] = known is not null && known.Html == row.Html ? row with { Html = known.Html } : row;
            }

            var forgotten = Math.Max(0, arrivals.Count - Tail);
            var arrivalsAfter = forgotten > 0 ? arrivals[forgotten - 1].Sequence : View?.ArrivalsAfter ?? changes.Sequence;
            var head = new ThreadHead(postId, changes.Slug, changes.ClosedAt, changes.Sequence, [.. arrivals.Skip(forgotten)], arrivalsAfter);
            return View = ThreadBuilder.Build(head, _rows.Values.Order(CommentOrder.Instance), maxDepth, View);
        }

        private static long SizeOf(CommentRecord row) => PerComment + (sizeof(char) * ((2L * row.Html.Length) + row.AuthorName.Length));

        private async Task<ThreadView> RunAsync(Task<ThreadView>? before, Func<Task<ThreadView>> read)
        {
            if (before is not null)
            {
                // Its failure was already reported to its own callers.
                await before.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            lock (_lock)
            {
                (_running, _next) = (_next, null);
            }

            return await read();
        }
    }
}
