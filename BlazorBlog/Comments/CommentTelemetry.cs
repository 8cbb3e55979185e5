using System.Diagnostics;
using System.Diagnostics.Metrics;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Hosting;

namespace BlazorBlog.Comments;

/// <summary>Metrics of comments; listed in docs/operations.md.</summary>
internal static class CommentTelemetry
{
    private static readonly Meter Meter = new("BlazorBlog.Comments");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "blog.comments.post.duration", "s", "From a checked comment to the answer after its commit", advice: Durations.Advice);

    /// <param name="started">A timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="outcome">What the writer is answered.</param>
    public static void Record(long started, CommentOutcome outcome) =>
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("blog.outcome", outcome.GetType().Name));
}
