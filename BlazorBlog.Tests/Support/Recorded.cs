namespace BlazorBlog.Support;

/// <summary>What a fake saw, in order; a test waits for it instead of sleeping.</summary>
public sealed class Recorded<T>
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly List<T> _items = [];
    private TaskCompletionSource _added = NewSignal();

    public IReadOnlyList<T> Items
    {
        get
        {
            lock (_gate)
            {
                return [.. _items];
            }
        }
    }

    public void Add(T item)
    {
        TaskCompletionSource added;
        lock (_gate)
        {
            _items.Add(item);
            (added, _added) = (_added, NewSignal());
        }

        added.SetResult();
    }

    /// <summary>Waits until there are at least so many and answers all there are.</summary>
    /// <exception cref="TimeoutException">Not within a minute.</exception>
    public async Task<IReadOnlyList<T>> WaitForAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task added;
            lock (_gate)
            {
                if (_items.Count >= count)
                {
                    return [.. _items];
                }

                added = _added.Task;
            }

            await added.WaitAsync(Cap, cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
