using System.Data.Common;
using System.Diagnostics;

/// <summary>
/// Loaded into the real program by DOTNET_STARTUP_HOOKS, so that it can be killed at a named point without a line of its own code knowing.
/// The points are the program's own activities and EF's events, from the first comment on that this process inserts: before, it does what
/// an earlier process left undone. The runtime wants this name, and no namespace.
/// </summary>
internal static class StartupHook
{
    /// <summary>The environment variable that names the point, one of the constants below.</summary>
    public const string Variable = "KILL_AT";

    public const string AfterCommit = "after-commit";
    public const string InFanOut = "in-fan-out";
    public const string AfterClaim = "after-claim";
    public const string BeforeSend = "before-send";
    public const string AfterAccepted = "after-accepted";
    public const string InMark = "in-mark";

    private static string? _point;
    private static volatile bool _commentInserted;

    public static void Initialize()
    {
        _point = Environment.GetEnvironmentVariable(Variable);
        if (_point is null)
        {
            return;
        }

        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = source => source.Name == "BlazorBlog.Notifications",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => KillWhen(_commentInserted && _point == BeforeSend && activity.OperationName == "send"),
            ActivityStopped = activity => KillWhen(_commentInserted
                && ((_point == AfterAccepted && activity.OperationName == "send")
                    || (_point == AfterClaim && activity.OperationName == "fan-out" && activity.GetTagItem("blog.deliveries") is > 0))),
        });
        DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(listener =>
        {
            if (listener.Name == "Microsoft.EntityFrameworkCore")
            {
                listener.Subscribe(new Observer<KeyValuePair<string, object?>>(OnDatabaseEvent));
            }
        }));
    }

    private static void OnDatabaseEvent(KeyValuePair<string, object?> happened)
    {
        const string database = "Microsoft.EntityFrameworkCore.Database.";
        switch (happened.Key)
        {
            case database + "Command.CommandExecuted":
                var text = ((DbCommand)happened.Value!.GetType().GetProperty("Command")!.GetValue(happened.Value)!).CommandText;
                _commentInserted |= text.Contains("INSERT INTO \"Comments\"", StringComparison.Ordinal);
                KillWhen(_commentInserted && _point == InFanOut && text.Contains("INSERT INTO \"Deliveries\"", StringComparison.Ordinal));
                break;
            case database + "Transaction.TransactionCommitted":
                KillWhen(_commentInserted && _point == AfterCommit);
                break;
            case database + "Transaction.TransactionCommitting":
                KillWhen(_commentInserted && _point == InMark && Activity.Current is { OperationName: "mark" });
                break;
        }
    }

    /// <summary>SIGKILL to this process: no finally block runs, nothing is flushed.</summary>
    private static void KillWhen(bool reached)
    {
        if (reached)
        {
            Process.GetCurrentProcess().Kill();
            Thread.CurrentThread.Join();
        }
    }

    private sealed class Observer<T>(Action<T> onNext) : IObserver<T>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(T value) => onNext(value);
    }
}
