using System.Diagnostics;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Measuring;
using BlazorBlog.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Comments;

/// <summary>
/// Comments per second, each durable together with its outbox row: one after another against EF writing the same rows, many at once, which
/// share commits, against commits of one row on the same disk.
/// </summary>
internal sealed class CommentRate(string name, int posters, Budget budget) : IBenchmark
{
    private const int Rounds = 9;

    private const int CommentsEach = 48;

    private const int CommentsOfOne = 300;

    public string Name => name;

    public async Task RunAsync(Report report)
    {
        using var scratch = new Scratch();
        await using var blog = await BlogHost.OpenAsync(BlogHost.Settings(scratch));
        var post = await blog.AddPostAsync(comments: 0);
        if (posters == 1)
        {
            using var other = new Scratch();
            await using var bare = await BlogHost.OpenAsync(BlogHost.Settings(other));
            var transactions = new BareTransactions(BlogHost.Settings(other)["ConnectionStrings:Blog"], await bare.AddPostAsync(comments: 0));
            await CompareAsync("bare EF transactions", transactions.MeasureAsync);
        }
        else
        {
            using var commits = new RawCommits(scratch.File("raw.db"));
            await CompareAsync("raw commits", () => Task.FromResult(commits.Measure()));
        }

        async Task CompareAsync(string what, Func<Task<double>> theirs) =>
            report.Add($"comments, {posters} at once | {what}", "/s", await Comparison.MeasureAsync(Rounds, () => MeasureAsync(blog, post.Slug), theirs), budget);
    }

    private async Task<double> MeasureAsync(BlogHost blog, string slug)
    {
        var each = posters == 1 ? CommentsOfOne : CommentsEach;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, posters).Select(_ => Task.Run(() => PostAsync(blog, slug, each))));
        return posters * each / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task PostAsync(BlogHost blog, string slug, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await using var request = blog.Services.CreateAsyncScope();
            var outcome = await request.ServiceProvider.GetRequiredService<BlogService>()
                .AddCommentAsync(slug, BlogHost.Draft(), guestId: null, account: null, CancellationToken.None);
            if (outcome is not CommentOutcome.Saved)
            {
                throw new InvalidOperationException($"The comment was not saved: {outcome}.");
            }
        }
    }
}
