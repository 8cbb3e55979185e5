using System.Diagnostics;

namespace BlazorBlog.Notifications;

/// <summary>
/// One activity for each of several causes that are worked on together, so that each stands in the trace of the request it came from.
/// They end together, where they began.
/// </summary>
internal sealed class CausedActivities : IDisposable
{
    private readonly Activity?[] _activities;

    /// <param name="name">Of each of them.</param>
    /// <param name="kind">Of each of them.</param>
    /// <param name="traceParents">Of the requests; a null begins a trace of its own.</param>
    public CausedActivities(string name, ActivityKind kind, IEnumerable<string?> traceParents)
    {
        _activities = [.. traceParents.Select(parent => Start(name, kind, parent))];
    }

    /// <param name="key">The tag's name.</param>
    /// <param name="values">One for each, in the order of the causes.</param>
    public void SetTags(string key, IEnumerable<object?> values)
    {
        foreach (var (activity, value) in _activities.Zip(values))
        {
            activity?.SetTag(key, value);
        }
    }

    public void Dispose()
    {
        // The last one is the current one.
        foreach (var activity in Enumerable.Reverse(_activities))
        {
            activity?.Dispose();
        }
    }

    private static Activity? Start(string name, ActivityKind kind, string? traceParent)
    {
        ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var parent);
        // Without an explicit parent the activity would become a child of the previous one, which is unrelated.
        Activity.Current = null;
        return NotificationTelemetry.Source.StartActivity(name, kind, parent);
    }
}
