using BlazorBlog.Comments;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlazorBlog.Live;

public sealed class LiveThreadsTests(SqliteFiles files) : DatabaseTests(files)
{
    private LiveThreads Threads => Blog.Get<LiveThreads>();

    [Fact]
    public async Task A_reader_is_told_of_what_came_since_the_number_it_brought()
    {
        var post = await Blog.AddPostAsync();
        var before = await CommentAsync(post, "Before the page was made");
        var page = (await Blog.Get<ThreadSnapshots>().RefreshAsync(post.Id, Cancel)).Sequence;
        var between = await CommentAsync(post, "Between the page and its circuit");

        using var reader = new Reader(Threads, post, page);
        await reader.UntilAsync(between);
        var after = await CommentAsync(post, "After it");
        await reader.UntilAsync(after);

        Assert.Equal([between, after], reader.Arrived);
        Assert.NotNull(reader.Thread!.Find(before));
    }

    [Fact]
    public async Task One_that_never_ends_and_one_that_throws_delay_nobody()
    {
        var post = await Blog.AddPostAsync();
        var never = new TaskCompletionSource();
        using var stuck = Threads.Subscribe(post.Id, 0, () => never.Task);
        using var broken = Threads.Subscribe(post.Id, 0, () => throw new InvalidOperationException("broken"));
        using var reader = new Reader(Threads, post, 0);

        foreach (var number in Enumerable.Range(0, 5))
        {
            await reader.UntilAsync(await CommentAsync(post, $"Number {number}"));
        }

        never.SetResult();
        Assert.Equal(5, reader.Arrived.Count);
    }

    [Fact]
    public async Task A_burst_comes_in_few_pieces_and_whole()
    {
        const int burst = 60;
        var post = await Blog.AddPostAsync();
        using var reader = new Reader(Threads, post, 0);
        await reader.UntilAsync(await CommentAsync(post, "The first goes out at once"));
        var calls = reader.Calls;

        var ids = await Task.WhenAll(Enumerable.Range(0, burst).Select(number => CommentAsync(post, $"Number {number}")));
        await reader.UntilAsync([.. ids]);

        Assert.Equal(burst + 1, reader.Arrived.Count);
        Assert.InRange(reader.Calls - calls, 1, burst / 4);
    }

    [Fact]
    public async Task Readers_of_another_thread_hear_nothing()
    {
        var (one, other) = (await Blog.AddPostAsync("one"), await Blog.AddPostAsync("other"));
        using var reader = new Reader(Threads, one, 0);
        using var stranger = new Reader(Threads, other, 0);

        await reader.UntilAsync(await CommentAsync(one, "Hello"));

        Assert.Empty(stranger.Arrived);
    }

    [Fact]
    public async Task A_second_node_is_heard_by_the_poll()
    {
        var post = await Blog.AddPostAsync();
        var second = OpenNode();
        using var reader = new Reader(Threads, post, 0);
        await reader.UntilAsync(await CommentAsync(post, "On this node"));
        var poll = Blog.Services.GetServices<IHostedService>().OfType<ThreadPoll>().Single();
        await poll.StartAsync(Cancel);

        var id = Assert.IsType<CommentOutcome.Saved>(await second.CommentAsync(post.Slug, "On the other")).CommentId;
        await reader.UntilAsync(id);

        await poll.StopAsync(Cancel);
    }

    [Fact]
    public async Task Ten_thousand_readers_leave_nothing_behind()
    {
        var post = await Blog.AddPostAsync();
        var left = Leave(Threads, post, 10_000);

        Assert.Empty(Threads.Active);
        await Eventually.WaitUntilAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !left.Exists(reader => reader.IsAlive);
            },
            "every reader was collected");
        using var last = new Reader(Threads, post, 0);
        await last.UntilAsync(await CommentAsync(post, "Still told"));
    }

    [Fact]
    public async Task Many_come_and_go_at_once_and_the_last_is_told()
    {
        var post = await Blog.AddPostAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    Threads.Subscribe(post.Id, 0, () => Task.CompletedTask).Dispose();
                }
            },
            Cancel)));

        Assert.Empty(Threads.Active);
        using var last = new Reader(Threads, post, 0);
        await last.UntilAsync(await CommentAsync(post, "Still told"));
    }

    [Fact]
    public async Task While_the_database_is_away_nothing_is_told_and_afterwards_everything()
    {
        await using var blog = await TestBlog.StartAsync();
        var post = await blog.AddPostAsync();
        using var reader = new Reader((LiveThreads)blog.Services.GetService(typeof(LiveThreads))!, post, 0);
        using var visitor = blog.Visitor();
        await reader.UntilAsync(await visitor.MustCommentAsync(post.Slug, "Before"));

        await using (await DatabaseAway.TakeAsync(blog))
        {
            ((LiveThreads)blog.Services.GetService(typeof(LiveThreads))!).Wake(post.Id);
        }

        await Eventually.WaitUntilAsync(async () =>
        {
            try
            {
                return await blog.ReadAsync(db => db.Posts.CountAsync()) > 0;
            }
            catch (Microsoft.Data.Sqlite.SqliteException)
            {
                return false;
            }
        }, "the database was back");
        await reader.UntilAsync(await visitor.MustCommentAsync(post.Slug, "After"));
    }

    // A method of its own, so that no local keeps the last one alive.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static List<WeakReference> Leave(LiveThreads threads, Post post, int count)
    {
        List<WeakReference> left = [];
        for (var i = 0; i < count; i++)
        {
            var owner = new object();
            using var subscription = threads.Subscribe(post.Id, 0, () =>
            {
                GC.KeepAlive(owner);
                return Task.CompletedTask;
            });
            left.Add(new WeakReference(owner));
        }

        return left;
    }

    private async Task<Guid> CommentAsync(Post post, string body) =>
        Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(post.Slug, body)).CommentId;

    /// <summary>Takes the news as a circuit does.</summary>
    private sealed class Reader : IDisposable
    {
        private readonly List<Guid> _arrived = [];
        private readonly ThreadSubscription _subscription;
        private int _calls;

        public Reader(LiveThreads threads, Post post, long after)
        {
            lock (_arrived)
            {
                _subscription = threads.Subscribe(post.Id, after, ReadAsync);
            }
        }

        public ThreadView? Thread { get; private set; }

        public int Calls => Volatile.Read(ref _calls);

        public List<Guid> Arrived
        {
            get
            {
                lock (_arrived)
                {
                    return [.. _arrived];
                }
            }
        }

        public Task UntilAsync(params Guid[] ids) => Eventually.WaitUntilAsync(() => ids.All(Arrived.Contains), "the reader was told of the comments");

        public void Dispose() => _subscription.Dispose();

        private Task ReadAsync()
        {
            Interlocked.Increment(ref _calls);
            lock (_arrived)
            {
                if (_subscription.Take() is { } news)
                {
                    Thread = news.Thread;
                    _arrived.AddRange(news.Arrivals.Select(arrival => arrival.CommentId));
                }
            }

            return Task.CompletedTask;
        }
    }
}
