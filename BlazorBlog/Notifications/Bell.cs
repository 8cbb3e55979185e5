using System.Threading.Channels;

namespace BlazorBlog.Notifications;

/// <summary>Wakes one worker of this node. Only a hint: a ring that is lost costs the worker one interval of looking by itself.</summary>
public abstract class Bell(TimeProvider time)
{
    // One ring is remembered; ten rings before the worker listens are one.
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
}
