using System.Threading.Channels;

namespace BlazorBlog.Notifications;

/// <summary>Wakes one worker of this node. Only a hint: where one is lost, the worker looks at its next poll.</summary>
public abstract class Signal(TimeProvider time)
{
    // One is remembered; ten before the worker waits are one.
    private readonly Channel<bool> _notifications = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Notify() => _notifications.Writer.TryWrite(true);

    /// <summary>Returns when it was notified since the last return, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _notifications.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The interval is over.
        }
    }
}
