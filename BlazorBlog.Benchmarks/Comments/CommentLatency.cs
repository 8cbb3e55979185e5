using System.Diagnostics;
using BlazorBlog.Measuring;
using BlazorBlog.Servers;

namespace BlazorBlog.Comments;

/// <summary>How long a reader waits for the answer to a comment while the mail server is slow or hangs, against one that answers at once.</summary>
internal sealed class CommentLatency : IBenchmark
{
    private const int Rounds = 40;

    private const int CommentsPerRound = 8;

    /// <summary>Lets the mail of one round leave before the next is measured.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private static readonly Budget Budget = Budget.AtMost(1.1);

    public string Name => "latency";

    public async Task RunAsync(Report report)
    {
        using var prompt = new SmtpSink(TimeSpan.Zero);
        using var slow = new SmtpSink(TimeSpan.FromMilliseconds(300));
        using var hung = new SmtpSink(Timeout.InfiniteTimeSpan);
        using var blogOfPrompt = await BlogProcess.StartAsync(comments: 0, prompt.Port);
        using var blogOfSlow = await BlogProcess.StartAsync(comments: 0, slow.Port);
        using var blogOfHung = await BlogProcess.StartAsync(comments: 0, hung.Port);

        report.Add("comment answered p50, SMTP in 300 ms | at once", "ms", await CompareAsync(blogOfSlow, blogOfPrompt), Budget);
        report.Add("comment answered p50, SMTP hung | at once", "ms", await CompareAsync(blogOfHung, blogOfPrompt), Budget);
    }

    private static Task<Comparison> CompareAsync(BlogProcess blog, BlogProcess blogOfPrompt) =>
        Comparison.MeasureAsync(Rounds, ours: () => MeasureAsync(blog), theirs: () => MeasureAsync(blogOfPrompt));

    private static async Task<double> MeasureAsync(BlogProcess blog)
    {
        var waits = new List<double>(CommentsPerRound);
        for (var i = 0; i < CommentsPerRound; i++)
        {
            var (before, after) = await blog.PostCommentAsync();
            waits.Add(Stopwatch.GetElapsedTime(before, after).TotalMilliseconds);
        }

        await Task.Delay(Pause);
        return waits.Median();
    }
}
