using System.Diagnostics.Metrics;

namespace BlazorBlog.Hosting;

/// <summary>How durations in seconds are counted; what an exporter takes by default is meant for milliseconds.</summary>
internal static class Durations
{
    /// <summary>The boundaries of http.server.request.duration in OpenTelemetry's semantic conventions.</summary>
    public static readonly InstrumentAdvice<double> Advice = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };
}
