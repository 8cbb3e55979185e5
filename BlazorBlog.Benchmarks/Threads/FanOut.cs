using System.Diagnostics;
using BlazorBlog.Measuring;
using BlazorBlog.Servers;

namespace BlazorBlog.Threads;

/// <summary>From posting a comment until every reader's browser has it, against a bare interactive page that shows the same markup.</summary>
internal sealed class FanOut(string name, int readers, Budget? budget) : IBenchmark
{
    private const int Rounds = 15;

    private const int Comments = 50;

    /// <summary>Who has not got a comment by then has lost it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Lets the browsers' answers to one round pass before the next is measured.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly List<string> _lost = [];

    public string Name => name;

    public async Task RunAsync(Report report)
    {
        using var blog = await BlogProcess.StartAsync(Comments);
        var page = await blog.ReadPageTextAsync();
        using var bare = await BareThreadProcess.StartAsync(page);
        using var readersOfBlog = await Readers.OpenAsync(blog.Page, readers);
        using var readersOfBare = await Readers.OpenAsync(bare.Server.Address, readers);
        var parents = new VisibleComments(page);
        var comparisons = await Comparison.MeasureAllAsync(
            Rounds,
            ours: () => MeasureAsync("the blog", readersOfBlog, remark => blog.PostCommentAsync(remark, parents.Next())),
            theirs: () => MeasureAsync("the bare page", readersOfBare, bare.PostCommentAsync));
        report.Add($"comment at {readers} readers p50 | bare page", "ms", comparisons[0]);
        report.Add($"comment at {readers} readers p99 | bare page", "ms", comparisons[1], budget);
        report.AddFaults($"changes lost by {readers} readers", _lost);
        report.AddFaults($"circuits of {readers} that ended by themselves", [.. readersOfBlog.Failures, .. readersOfBare.Failures]);
    }

    private async Task<IReadOnlyList<double>> MeasureAsync(string server, Readers all, Func<string, Task> postAsync)
    {
        var remark = Guid.NewGuid().ToString("N");
        var sighting = all.Expect(remark);
        var started = Stopwatch.GetTimestamp();
        await postAsync(remark);
        var waits = await sighting.WaitAsync(started, Patience);
        var lost = readers - waits.Count;
        _lost.AddRange(Enumerable.Repeat($"{server} did not show a comment within {Patience.TotalSeconds} s", lost));
        // They waited at least that long.
        waits = [.. waits, .. Enumerable.Repeat(Patience.TotalMilliseconds, lost)];
        await Task.Delay(Pause);
        return [waits.Median(), waits.Percentile(0.99)];
    }
}
