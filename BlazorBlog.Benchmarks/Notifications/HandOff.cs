using System.Diagnostics;
using System.Threading.Channels;
using BlazorBlog.Measuring;
using BlazorBlog.Servers;

namespace BlazorBlog.Notifications;

/// <summary>From the answer to a comment until the mail server has read the whole mail about it, on a system that does nothing else.</summary>
internal sealed class HandOff : IBenchmark
{
    private const int WarmUps = 20;

    private const int Comments = 200;

    private const double MedianLimit = 20;

    private const double TailLimit = 100;

    /// <summary>Until the result is written down and the system idle again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(80);

    public string Name => "hand-off";

    public async Task RunAsync(Report report)
    {
        var arrivals = Channel.CreateUnbounded<long>();
        using var sink = new SmtpSink(TimeSpan.Zero, at => arrivals.Writer.TryWrite(at));
        using var blog = await BlogProcess.StartAsync(comments: 0, sink.Port);
        var delays = new List<double>(Comments);
        for (var i = -WarmUps; i < Comments; i++)
        {
            var (_, answered) = await blog.PostCommentAsync();
            var arrived = await arrivals.Reader.ReadAsync();
            if (i >= 0)
            {
                delays.Add(Stopwatch.GetElapsedTime(answered, arrived).TotalMilliseconds);
            }

            await Task.Delay(Pause);
        }

        Add(report, "p50", delays.Median(), MedianLimit);
        Add(report, "p99", delays.Percentile(0.99), TailLimit);
    }

    private static void Add(Report report, string rank, double delay, double limit) =>
        report.Add($"comment answered to SMTP hand-off {rank} | limit", "ms", new Comparison(delay, limit, delay / limit), Budget.AtMost(1.0));
}
