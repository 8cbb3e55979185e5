using System.Diagnostics;

namespace BlazorBlog.Hosting;

/// <summary>The activity that runs, in the one form that is short enough to be kept (W3C Trace Context, traceparent).</summary>
public static class TraceContext
{
    public const int MaxLength = 55;

    /// <summary>Null outside of an activity, and in one of .NET's older form, whose length a caller may choose (Request-Id).</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
}
