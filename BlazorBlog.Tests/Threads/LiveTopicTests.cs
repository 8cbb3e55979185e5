using BlazorBlog.Comments;
using BlazorBlog.Data;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Threads;

public sealed class LiveTopicTests
{
    [Fact]
    public async Task An_outage_is_logged_once_for_each_thread_however_long_it_lasts()
    {
        var clock = FakeClock.Standing();
        var database = new NoDatabase();
        using var log = new LoggedLines();
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(log));
        using var snapshots = new ThreadSnapshots(new ThreadChangeReader(database), new CommentSettings(), clock);
        using var threads = new LiveThreads(snapshots, new ThreadSignal(), clock, logging.CreateLogger<LiveThreads>());
        using var reader = threads.Subscribe(Guid.NewGuid(), 0, () => Task.CompletedTask);

        await Eventually.WaitUntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return database.Asked >= 5;
            },
            "the thread was asked for again and again");

        Assert.Single(log.Lines.Items);
    }

    private sealed class NoDatabase : IDbContextFactory<BlogDbContext>
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public BlogDbContext CreateDbContext()
        {
            Interlocked.Increment(ref _asked);
            throw new InvalidOperationException("There is no database.");
        }
    }
}
