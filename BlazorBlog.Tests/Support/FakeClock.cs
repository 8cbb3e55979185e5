namespace BlazorBlog.Support;

/// <summary>
/// A clock that the test pushes forward: timers that become due on the way fire. It either stands still in between, or also runs with
/// the real time, so that a whole program under it does in milliseconds what takes milliseconds.
/// </summary>
public sealed class FakeClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly bool _runs;
    private readonly DateTimeOffset _start;
    private readonly long _started = System.GetTimestamp();
    private TimeSpan _pushed;

    private FakeClock(DateTimeOffset start, bool runs) => (_start, _runs) = (start, runs);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers are set.</summary>
    public int Timers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public static FakeClock Standing(DateTimeOffset? start = null) => new(start ?? Start, runs: false);

    public static FakeClock Running(DateTimeOffset? start = null) => new(start ?? Start, runs: true);

    public void Advance(TimeSpan by)
    {
        FakeTimer[] timers;
        lock (_gate)
        {
            _pushed += by;
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Look();
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _start + _pushed + (_runs ? System.GetElapsedTime(_started) : TimeSpan.Zero);
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    private void Forget(FakeTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class FakeTimer : ITimer
    {
        private readonly Lock _gate = new();
        private readonly FakeClock _clock;
        private readonly Action _callback;
        private readonly ITimer _real;
        private DateTimeOffset? _due;
        private TimeSpan _period;

        public FakeTimer(FakeClock clock, Action callback)
        {
            (_clock, _callback) = (clock, callback);
            _real = System.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + dueTime;
                _period = period;
            }

            Look();
            return true;
        }

        public void Look()
        {
            var fires = false;
            lock (_gate)
            {
                if (_due is not { } due)
                {
                    return;
                }

                var left = due - _clock.GetUtcNow();
                if (left <= TimeSpan.Zero)
                {
                    fires = true;
                    _due = _period > TimeSpan.Zero ? due + _period : null;
                    left = _period;
                }

                if (_clock._runs && _due is not null)
                {
                    _real.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                }
            }

            if (fires)
            {
                _callback();
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _due = null;
            }

            _real.Dispose();
            _clock.Forget(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
