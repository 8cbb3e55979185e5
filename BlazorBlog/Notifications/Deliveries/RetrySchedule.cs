namespace BlazorBlog.Notifications.Deliveries;

/// <summary>When a notice that was refused temporarily is tried again. A pure function, so that it can be tested without a clock.</summary>
public static class RetrySchedule
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>
    /// Doubles from <see cref="First"/> to <see cref="Longest"/>, spread by a fifth to either side so that many notices that failed
    /// together do not come back together. A provider's own wish is never undercut.
    /// </summary>
    /// <param name="attempts">Attempts that failed so far, from 1.</param>
    /// <param name="hint">The provider's wish, if it has one.</param>
    /// <param name="jitter">From 0 to 1.</param>
    /// <param name="now">The moment of the failure.</param>
    /// <param name="deadline">Age limit of the notice.</param>
    /// <returns>Null when the next attempt would come after the deadline: the notice is given up.</returns>
    public static DateTimeOffset? Next(int attempts, TimeSpan? hint, double jitter, DateTimeOffset now, DateTimeOffset deadline)
    {
        var doubled = First.TotalSeconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30));
        var delay = TimeSpan.FromSeconds(Math.Min(doubled, Longest.TotalSeconds) * (0.8 + (0.4 * jitter)));
        var next = now + (hint is { } wish && wish > delay ? wish : delay);
        return next > deadline ? null : next;
    }
}
