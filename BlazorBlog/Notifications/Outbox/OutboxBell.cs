using System.Threading.Channels;
using BlazorBlog.Data.Changes;

namespace BlazorBlog.Notifications.Outbox;

/// <summary>
/// Wakes the dispatcher of this node as soon as an outbox message is committed. Only a hint: a ring that is lost costs one poll interval.
/// </summary>
public sealed class OutboxBell(TimeProvider time) : IEntityChangeHandler
{
    // One ring is remembered; ten rings before the dispatcher listens are one.
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _rings.Writer.TryWrite(true);

    /// <summary>Returns when the bell rang since the last return, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _rings.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody rang: time to look all the same.
        }
    }

    public bool Handles(Type entity) => entity == typeof(OutboxMessage);

    public void AfterCommit(EntityChange change)
    {
        if (change.Kind == ChangeKind.Created)
        {
            Ring();
        }
    }
}
