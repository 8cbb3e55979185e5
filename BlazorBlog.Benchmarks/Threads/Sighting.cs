using System.Diagnostics;
using System.Text;

namespace BlazorBlog.Threads;

/// <summary>When each reader's browser got one text.</summary>
internal sealed class Sighting(string text, int readers)
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(text);
    private readonly long[] _seenAt = new long[readers];
    private readonly TaskCompletionSource _seenByAll = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing = readers;

    /// <param name="reader">Its batches arrive one after another.</param>
    /// <param name="batch">That may contain the text.</param>
    /// <param name="at">The <see cref="Stopwatch"/>'s time.</param>
    public void Look(int reader, ReadOnlySpan<byte> batch, long at)
    {
        if (_seenAt[reader] == 0 && batch.IndexOf(_text) >= 0)
        {
            _seenAt[reader] = at;
            if (Interlocked.Decrement(ref _missing) == 0)
            {
                _seenByAll.TrySetResult();
            }
        }
    }

    /// <summary>Until all have got it, but no longer than <paramref name="patience"/>.</summary>
    /// <param name="since">The <see cref="Stopwatch"/>'s time from which the waits count.</param>
    /// <param name="patience">Who has not got it by then is left out of the answer.</param>
    /// <returns>The milliseconds it took each of those who got it.</returns>
    public async Task<IReadOnlyList<double>> WaitAsync(long since, TimeSpan patience)
    {
        await _seenByAll.Task.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return [.. _seenAt.Where(at => at > 0).Select(at => Stopwatch.GetElapsedTime(since, at).TotalMilliseconds)];
    }
}
