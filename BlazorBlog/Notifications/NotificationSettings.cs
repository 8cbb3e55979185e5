using BlazorBlog.Hosting;

namespace BlazorBlog.Notifications;

public sealed class NotificationSettings : ISettings
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>How often the dispatcher looks for what no signal announced: retries, and the work of a dead node.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a claimed row is this node's alone unless it renews the lease, which it does while it lives.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Age at which a mail that never got through is given up.</summary>
    public TimeSpan EmailHorizon { get; set; } = TimeSpan.FromDays(5);

    /// <summary>Age at which an SMS that never got through is given up.</summary>
    public TimeSpan SmsHorizon { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How often a process may die on one notice before it is given up.</summary>
    public int MaxCrashes { get; set; } = 5;

    /// <summary>Time between a comment and its notices, in which it can still be changed or taken back.</summary>
    public TimeSpan HoldFor { get; set; } = TimeSpan.Zero;

    public IEnumerable<string> Validate(string section)
    {
        if (PollInterval < TimeSpan.FromMilliseconds(100) || PollInterval > TimeSpan.FromHours(1))
        {
            yield return $"{section}:PollInterval: must be from 00:00:00.1 to 01:00:00.";
        }

        if (LeaseDuration < TimeSpan.FromSeconds(1) || LeaseDuration > TimeSpan.FromHours(1))
        {
            yield return $"{section}:LeaseDuration: must be from 00:00:01 to 01:00:00.";
        }

        foreach (var (name, horizon) in new[] { (nameof(EmailHorizon), EmailHorizon), (nameof(SmsHorizon), SmsHorizon) })
        {
            if (horizon <= TimeSpan.Zero || horizon > Longest)
            {
                yield return $"{section}:{name}: must be more than zero and at most {Longest.TotalDays:0} days.";
            }
        }

        if (MaxCrashes < 1)
        {
            yield return $"{section}:MaxCrashes: must be 1 or more.";
        }

        if (HoldFor < TimeSpan.Zero || HoldFor > Longest)
        {
            yield return $"{section}:HoldFor: must be from zero to {Longest.TotalDays:0} days.";
        }
    }
}
