using System.Diagnostics;
using System.Net;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using BlazorBlog.Threads;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data;

/// <summary>One file, one writer at a time, and nobody is told "database is locked".</summary>
public sealed class SqliteWritersTests(SqliteFiles files) : DatabaseTests(files)
{
    /// <summary>Far beyond a fair turn, far below a starved writer's half minute.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Sixteen_writers_and_sixteen_readers_share_a_file()
    {
        const int writers = 16, each = 10;
        var post = await Blog.AddPostAsync();
        using var written = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var reading = Enumerable.Range(0, 16).Select(_ => Task.Run(() => ReadAsync(post, written.Token), Cancel)).ToList();
        var waits = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(post, writer, each), Cancel)));
        await written.CancelAsync();
        await Task.WhenAll(reading);

        Assert.InRange(waits.Max(), TimeSpan.Zero, Long);
        Assert.Equal(writers * each, (await Blog.Get<ThreadSnapshots>().RefreshAsync(post.Id, Cancel)).Count);
    }

    [Fact]
    public async Task Two_processes_share_a_file()
    {
        const int writers = 8, each = 6;
        var post = await Blog.AddPostAsync();
        await using var one = await BlogProcess.StartAsync(Database, ("Comments:MinimumSeconds", "0"), ("RateLimits:Enabled", "false"));
        await using var two = await BlogProcess.StartAsync(Database, ("Comments:MinimumSeconds", "0"), ("RateLimits:Enabled", "false"));
        BlogProcess[] processes = [one, two];

        var statuses = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < each; i++)
            {
                answers.Add(await PostAsync(processes[writer % 2], post.Slug, $"{writer}/{i}"));
            }

            return answers;
        }, Cancel))).WaitAsync(Patience, Cancel);

        Assert.All(statuses.SelectMany(answers => answers), status => Assert.Equal(HttpStatusCode.SeeOther, status));
        await using var db = Blog.OpenContext();
        var numbers = await db.Comments.OrderBy(comment => comment.Sequence).Select(comment => comment.Sequence).ToListAsync(Cancel);
        Assert.Equal(Enumerable.Range(1, writers * each).Select(number => (long)number), numbers);
        Assert.All(processes, process => Assert.DoesNotContain("locked", process.Output, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_answered_comment_is_on_the_disk()
    {
        await using var db = Blog.OpenContext();
        await db.Database.OpenConnectionAsync(Cancel);

        var synchronous = await db.Database.SqlQueryRaw<long>("SELECT synchronous AS Value FROM pragma_synchronous").SingleAsync(Cancel);
        var journal = await db.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync(Cancel);

        // 2 is FULL.
        Assert.Equal((2, "wal"), (synchronous, journal));
    }

    /// <returns>The longest wait.</returns>
    private async Task<TimeSpan> WriteAsync(Post post, int writer, int count)
    {
        var longest = TimeSpan.Zero;
        for (var i = 0; i < count; i++)
        {
            var watch = Stopwatch.StartNew();
            Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(post.Slug, $"{writer}/{i}"));
            longest = watch.Elapsed > longest ? watch.Elapsed : longest;
        }

        return longest;
    }

    private async Task ReadAsync(Post post, CancellationToken written)
    {
        while (!written.IsCancellationRequested)
        {
            await using var db = Blog.OpenContext();
            var highest = await db.Comments.Where(comment => comment.PostId == post.Id).MaxAsync(comment => (long?)comment.Sequence, Cancel) ?? 0;
            Assert.True(await db.Comments.CountAsync(comment => comment.PostId == post.Id, Cancel) >= highest);
            await Task.Yield();
        }
    }

    private static async Task<HttpStatusCode> PostAsync(BlogProcess blog, string slug, string body)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["Name"] = "Grace", ["Body"] = body, ["IdempotencyKey"] = Guid.NewGuid().ToString() });
        using var answer = await blog.Http.PostAsync($"/posts/{slug}/comments", form, Cancel);
        return answer.StatusCode;
    }
}
