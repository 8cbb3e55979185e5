namespace BlazorBlog.Notifications.Deliveries;

/// <summary>
/// Rests a channel that is down as a whole. While it rests no notice spends an attempt; then one alone tries, and either all follow or
/// the rest grows. Held in memory: after a restart the first notice finds out anew.
/// </summary>
public sealed class ChannelCircuit(TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _failures;
    private DateTimeOffset _restsUntil;

    /// <summary>Null while the channel works; else when it is tried next.</summary>
    public DateTimeOffset? RestsUntil
    {
        get
        {
            lock (_lock)
            {
                return _failures == 0 ? null : _restsUntil;
            }
        }
    }

    /// <summary>How many notices may be in flight.</summary>
    public int Allowed(int whenClosed)
    {
        lock (_lock)
        {
            return _failures == 0 ? whenClosed : time.GetUtcNow() >= _restsUntil ? 1 : 0;
        }
    }

    /// <returns>When the channel is tried next.</returns>
    public DateTimeOffset Open(ChannelFault fault, TimeSpan? hint)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();

            // Attempts in flight at the same time that fail together count as one failure.
            if (_failures == 0 || now >= _restsUntil)
            {
                var rest = Rest(fault, _failures++);
                _restsUntil = now + (hint is { } wish && wish > rest ? wish : rest);
            }

            return _restsUntil;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _failures = 0;
        }
    }

    private static TimeSpan Rest(ChannelFault fault, int failures)
    {
        var (first, longest) = fault switch
        {
            ChannelFault.Connection => (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            ChannelFault.Quota => (TimeSpan.FromMinutes(15), TimeSpan.FromHours(4)),
            // Needs a fix by the operator; afterwards a restart, or the next try, closes the circuit.
            _ => (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15)),
        };
        return TimeSpan.FromSeconds(Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(failures, 20)), longest.TotalSeconds));
    }
}
