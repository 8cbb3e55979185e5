using System.Diagnostics;
using BlazorBlog.Measuring;
using BlazorBlog.Servers;

namespace BlazorBlog.Posts;

/// <summary>The time to make the page of a post with a very long thread, against one of usual length.</summary>
internal sealed class LongThread : IBenchmark
{
    private const int Rounds = 9;

    private const int Comments = 10_000;

    private const int UsualComments = 50;

    /// <summary>Of one side in one round, in which at least one page is read.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    public string Name => "long-thread";

    public async Task RunAsync(Report report)
    {
        using var blog = await BlogProcess.StartAsync(Comments);
        using var usual = await BlogProcess.StartAsync(UsualComments);
        var comparison = await Comparison.MeasureAsync(Rounds, ours: () => MeasureAsync(blog), theirs: () => MeasureAsync(usual));
        report.Add($"GET of a post, {Comments} comments | {UsualComments}", "ms", comparison, Budget.AtMost(1.2));
    }

    private static async Task<double> MeasureAsync(BlogProcess blog)
    {
        var waits = new List<double>();
        var started = Stopwatch.GetTimestamp();
        do
        {
            var before = Stopwatch.GetTimestamp();
            await blog.ReadFreshPageAsync();
            waits.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(started) < Duration);

        return waits.Median();
    }
}
