using System.Runtime.CompilerServices;
using BlazorBlog.Comments;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace BlazorBlog.Threads;

public abstract class LiveThreadsTests(IDatabaseServer server) : DatabaseTests(server)
{
    /// <summary>What comes after a change that was just told waits this long for others.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_change_wakes_the_reader_who_gets_what_is_new_and_the_thread_as_it_stands()
    {
        var post = await Blog.AddPostAsync();
        await AddAsync(Blog, post, "Seen before");
        await Blog.UseAsync(service => service.ReadThreadAsync(post.Id, 1, Cancel).AsTask());
        using var reader = new Reader(Blog, post, after: 1);

        var second = await AddAsync(Blog, post, "Second");
        await reader.WaitForAsync(2);
        await Blog.UseAsync(service => service.EditCommentAsync(post.Slug, second.CommentId, CommentAuthor.OfGuest(second.GuestId), "Second, changed", Cancel));
        await reader.WaitForAsync(3);
        await Blog.MustModerateAsync(service => service.RemoveAsync(second.CommentId, Cancel));
        await reader.WaitForAsync(4);

        Assert.Equal([second.CommentId], reader.Arrived);
        Assert.Equal(1, reader.Thread!.Count);
    }

    [Fact]
    public async Task A_comment_that_is_approved_arrives_and_one_that_waits_does_not()
    {
        var node = OpenNode(settings: ("Comments:Moderation", "All"));
        var post = await node.AddPostAsync();
        using var reader = new Reader(node, post, after: 0);
        await reader.WaitForAsync(0);

        var first = await AddAsync(node, post, "Waits");
        var second = await AddAsync(node, post, "Waits as well");
        await reader.WaitForAsync(2);
        Assert.Empty(reader.Arrived);
        await node.MustModerateAsync(service => service.ApproveAsync(first.CommentId, Cancel));
        await reader.WaitForAsync(3);

        Assert.Equal([first.CommentId], reader.Arrived);
        Assert.Null(reader.Thread!.Find(second.CommentId));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_saved_between_the_page_and_its_circuit_arrives(bool isFirstReader)
    {
        var post = await Blog.AddPostAsync();
        await AddAsync(Blog, post, "On the page");
        var page = await Blog.UseAsync(service => service.ReadThreadAsync(post.Id, 1, Cancel).AsTask());
        using var other = isFirstReader ? null : new Reader(Blog, post, page.Sequence);
        await (other?.WaitForAsync(1) ?? Task.CompletedTask);
        var between = await AddAsync(Blog, post, "In between");
        await (other?.WaitForAsync(2) ?? Task.CompletedTask);

        using var reader = new Reader(Blog, post, page.Sequence);
        await reader.WaitForAsync(2);

        Assert.Equal([between.CommentId], reader.Arrived);
    }

    [Fact]
    public async Task A_page_of_another_node_gets_what_it_misses_from_a_node_that_never_showed_the_thread()
    {
        var post = await Blog.AddPostAsync();
        await AddAsync(Blog, post, "On the page");
        var between = await AddAsync(Blog, post, "In between");

        using var reader = new Reader(OpenNode(), post, after: 1);
        await reader.WaitForAsync(2);

        Assert.NotNull(reader.Thread!.Find(between.CommentId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reader_who_never_comes_back_from_the_news_delays_nobody(bool blocks)
    {
        var post = await Blog.AddPostAsync();
        using var released = new ManualResetEventSlim();
        var never = new TaskCompletionSource();
        var entered = 0;
        using var stuck = Blog.Get<LiveThreads>().Subscribe(post.Id, 0, () =>
        {
            Interlocked.Increment(ref entered);
            if (blocks)
            {
                released.Wait(Cancel);
            }

            return never.Task;
        });
        using var reader = new Reader(Blog, post, after: 0);
        await reader.WaitForAsync(0);
        await Eventually.WaitUntilAsync(() => entered == 1, "the slow reader was told");

        for (var i = 1; i <= 3; i++)
        {
            await AddAsync(Blog, post, $"{i}").WaitAsync(Patience, Cancel);
            await reader.WaitForAsync(i);
        }

        Assert.Equal(1, entered);
        released.Set();
        never.SetResult();
        await Eventually.WaitUntilAsync(() => entered == 2, "the slow reader was told of the rest in one piece");
        Assert.Equal(3, stuck.Take()!.Arrivals.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reader_that_breaks_hurts_nobody_and_is_told_again(bool isAsync)
    {
        var post = await Blog.AddPostAsync();
        var told = 0;
        using var broken = Blog.Get<LiveThreads>().Subscribe(post.Id, 0, async () =>
        {
            Interlocked.Increment(ref told);
            if (isAsync)
            {
                await Task.Yield();
            }

            throw new InvalidOperationException("The browser is gone.");
        });
        using var reader = new Reader(Blog, post, after: 0);
        await reader.WaitForAsync(0);

        await AddAsync(Blog, post, "One");
        await reader.WaitForAsync(1);
        await Eventually.WaitUntilAsync(() => told > 0, "the broken reader was told");
        var before = told;
        await AddAsync(Blog, post, "Two");
        await reader.WaitForAsync(2);

        await Eventually.WaitUntilAsync(() => told > before, "the broken reader was told again");
        Assert.Equal(2, reader.Arrived.Count);
    }

    [Fact]
    public async Task A_burst_reaches_a_reader_in_one_piece()
    {
        var clock = FakeClock.Standing();
        var node = OpenNode(clock);
        var post = await node.AddPostAsync();
        using var reader = new Reader(node, post, after: 0);
        await reader.WaitForAsync(0);

        // After the first look the clock stands, and with it the pause that a burst waits for.
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => AddAsync(node, post, $"{i}")));
        await Eventually.WaitUntilAsync(
            () =>
            {
                clock.Advance(Pause);
                return reader.Thread!.Sequence == 50;
            },
            "the burst arrived");

        Assert.Equal(50, reader.Arrived.Distinct().Count());
        Assert.InRange(reader.Calls, 2, 5);
    }

    [Fact]
    public async Task The_first_change_after_a_while_goes_out_at_once()
    {
        var clock = FakeClock.Standing();
        var node = OpenNode(clock);
        var post = await node.AddPostAsync();
        using var reader = new Reader(node, post, after: 0);
        await reader.WaitForAsync(0);

        // The pause after the first look.
        await Eventually.WaitUntilAsync(() => clock.Timers > 0, "the hub rests");
        clock.Advance(Pause);
        await AddAsync(node, post, "At once");

        await reader.WaitForAsync(1);
    }

    [Fact]
    public async Task Readers_of_one_thread_do_not_hear_another_one()
    {
        var here = await Blog.AddPostAsync("here");
        var there = await Blog.AddPostAsync("there");
        using var readerHere = new Reader(Blog, here, after: 0);
        using var readerThere = new Reader(Blog, there, after: 0);
        await readerHere.WaitForAsync(0);
        await readerThere.WaitForAsync(0);
        var calls = readerHere.Calls;

        for (var i = 1; i <= 5; i++)
        {
            await AddAsync(Blog, there, $"{i}");
            await readerThere.WaitForAsync(i);
        }

        Assert.Equal(calls, readerHere.Calls);
        Assert.Equal(0, readerHere.Thread!.Count);
    }

    [Fact]
    public async Task Whoever_left_is_told_nothing_more()
    {
        var post = await Blog.AddPostAsync();
        using var stays = new Reader(Blog, post, after: 0);
        var left = new Reader(Blog, post, after: 0);
        await AddAsync(Blog, post, "Heard");
        await left.WaitForAsync(1);

        left.Dispose();
        left.Dispose();
        var calls = left.Calls;
        await AddAsync(Blog, post, "Unheard");
        await stays.WaitForAsync(2);

        Assert.Equal(calls, left.Calls);
        Assert.Equal([post.Id], Blog.Get<LiveThreads>().Active);
    }

    [Fact]
    public async Task Ten_thousand_who_came_and_left_leave_nothing_behind()
    {
        var threads = Blog.Get<LiveThreads>();
        List<Guid> posts = [];
        for (var i = 0; i < 10; i++)
        {
            posts.Add((await Blog.AddPostAsync($"post-{i}")).Id);
        }

        var traces = new List<WeakReference>();
        for (var round = 0; round < 100; round++)
        {
            traces.AddRange(ComeAndLeave(threads, posts[round % posts.Count], 100, stayingFor: round % 2 == 0 ? 100 : 1));
        }

        Assert.Equal(10_000, traces.Count);
        Assert.Empty(threads.Active);
        await Eventually.WaitUntilAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return traces.TrueForAll(trace => !trace.IsAlive);
            },
            "no reader was kept alive");
    }

    [Fact]
    public async Task The_number_of_windows_in_sight_is_told_now_and_then()
    {
        var clock = FakeClock.Standing();
        var node = OpenNode(clock);
        var post = await node.AddPostAsync();
        Reader[] readers = [.. Enumerable.Range(0, 4).Select(_ => new Reader(node, post, after: 0))];
        async Task WaitForCountAsync(int count) => await Eventually.WaitUntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                return readers[0].Readers == count;
            },
            $"{count} readers were counted");

        foreach (var reader in readers[..3])
        {
            reader.Subscription.Show(true);
        }

        await WaitForCountAsync(3);
        readers[3].Subscription.Show(true);
        await WaitForCountAsync(4);
        readers[1].Subscription.Show(false);
        await WaitForCountAsync(3);
        readers[2].Dispose();
        await WaitForCountAsync(2);

        Array.ForEach(readers, reader => reader.Dispose());
    }

    [Fact]
    public async Task A_reader_outlives_a_database_that_is_away_and_misses_nothing()
    {
        var post = await Blog.AddPostAsync();
        var other = OpenNode();
        using var reader = new Reader(Blog, post, after: 0);
        await reader.WaitForAsync(0);
        // Of this one nobody has told the node when the database goes away.
        var missed = await AddAsync(other, post, "Missed");

        await using (await TakeDatabaseAwayAsync())
        {
            Blog.Get<LiveThreads>().Wake(post.Id);
            await Assert.ThrowsAnyAsync<Exception>(() => Blog.Get<ThreadSnapshots>().RefreshAsync(post.Id, Cancel));
        }

        await reader.WaitForAsync(1);
        var after = await AddAsync(Blog, post, "Afterwards");
        await reader.WaitForAsync(2);
        Assert.Equal([missed.CommentId, after.CommentId], reader.Arrived);
    }

    [Fact]
    public async Task What_another_node_changes_arrives()
    {
        var post = await Blog.AddPostAsync();
        var other = OpenNode();
        using var reader = new Reader(Blog, post, after: 0);
        await reader.WaitForAsync(0);
        var waking = Waking();
        await waking.StartAsync(Cancel);

        for (var i = 1; i <= 3; i++)
        {
            await AddAsync(other, post, $"{i}");
            await reader.WaitForAsync(i);
        }

        await waking.StopAsync(Cancel);
        Assert.Equal(3, reader.Arrived.Count);
    }

    [Fact]
    public async Task A_reader_of_a_thread_that_was_quiet_for_long_is_still_told_who_came()
    {
        var clock = FakeClock.Running();
        var (node, other) = (OpenNode(clock), OpenNode(clock));
        var quiet = await node.AddPostAsync("quiet");
        var busy = await node.AddPostAsync("busy");
        await AddAsync(node, quiet, "Long ago");
        using var reader = new Reader(node, quiet, after: 1);
        using var neighbour = new Reader(node, busy, after: 0);
        await reader.WaitForAsync(1);
        await neighbour.WaitForAsync(0);
        var poll = node.Services.GetServices<IHostedService>().OfType<ThreadPoll>().Single();
        await poll.StartAsync(Cancel);

        // Once the neighbour heard of the other node's comment, the node has looked at all its threads.
        for (var i = 1; i <= 4; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            await AddAsync(other, busy, $"{i}");
            await Eventually.WaitUntilAsync(
                () =>
                {
                    clock.Advance(TimeSpan.FromSeconds(1));
                    return neighbour.Thread!.Sequence == i;
                },
                "the neighbour heard of the other node's comment");
        }

        var news = await AddAsync(node, quiet, "At last");
        await reader.WaitForAsync(2);

        await poll.StopAsync(Cancel);
        Assert.Equal([news.CommentId], reader.Arrived);
    }

    /// <summary>Takes this test's database away until the answer is disposed; returns once it cannot be reached.</summary>
    protected abstract Task<IAsyncDisposable> TakeDatabaseAwayAsync();

    /// <summary>By which the node learns of the changes of others.</summary>
    protected abstract BackgroundService Waking();

    protected static async Task<CommentOutcome.Saved> AddAsync(DatabaseBlog node, Post post, string body) =>
        Assert.IsType<CommentOutcome.Saved>(await node.CommentAsync(post.Slug, body));

    // Of a method that has returned, nothing keeps the locals alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IEnumerable<WeakReference> ComeAndLeave(LiveThreads threads, Guid postId, int count, int stayingFor)
    {
        var traces = new List<WeakReference>();
        var staying = new Queue<ThreadSubscription>();
        for (var i = 0; i < count; i++)
        {
            var subscription = threads.Subscribe(postId, 0, () => Task.CompletedTask);
            subscription.Show(true);
            traces.Add(new WeakReference(subscription));
            staying.Enqueue(subscription);
            if (staying.Count == stayingFor)
            {
                staying.Dequeue().Dispose();
            }
        }

        foreach (var subscription in staying)
        {
            subscription.Dispose();
        }

        return traces;
    }

    /// <summary>A window as the hub sees it: looks when it is called, keeps what it is given.</summary>
    protected sealed class Reader : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly List<Guid> _arrived = [];
        private int _calls;

        public Reader(DatabaseBlog node, Post post, long after)
        {
            // The first call may come before the assignment; the lock makes it wait.
            lock (_lock)
            {
                Subscription = node.Get<LiveThreads>().Subscribe(post.Id, after, LookAsync);
            }
        }

        public ThreadSubscription Subscription { get; }

        public int Calls => Volatile.Read(ref _calls);

        public ThreadView? Thread { get; private set; }

        public int Readers { get; private set; }

        public IReadOnlyList<Guid> Arrived
        {
            get
            {
                lock (_lock)
                {
                    return [.. _arrived];
                }
            }
        }

        public Task WaitForAsync(long sequence) => Eventually.WaitUntilAsync(() => Thread?.Sequence >= sequence, $"the reader got as far as {sequence}");

        public void Dispose() => Subscription.Dispose();

        private Task LookAsync()
        {
            lock (_lock)
            {
                Interlocked.Increment(ref _calls);
                var news = Subscription.Take()!;
                _arrived.AddRange(news.Arrivals.Select(arrival => arrival.CommentId));
                (Thread, Readers) = (news.Thread, news.Readers);
            }

            return Task.CompletedTask;
        }
    }
}

public sealed class SqliteLiveThreadsTests(SqliteFiles files) : LiveThreadsTests(files)
{
    protected override async Task<IAsyncDisposable> TakeDatabaseAwayAsync() => await DatabaseAway.TakeAsync(Blog, Database);

    protected override BackgroundService Waking() => Blog.Services.GetServices<IHostedService>().OfType<ThreadPoll>().Single();
}

public sealed class PostgreSqlLiveThreadsTests(PostgreSqlServer server) : LiveThreadsTests(server)
{
    [Fact]
    public async Task The_connection_for_wake_ups_comes_back_by_itself_and_what_was_said_meanwhile_is_heard()
    {
        var post = await Blog.AddPostAsync();
        var other = OpenNode();
        using var reader = new Reader(Blog, post, after: 0);
        await reader.WaitForAsync(0);
        var waking = Waking();
        await waking.StartAsync(Cancel);
        await AddAsync(other, post, "Before");
        await reader.WaitForAsync(1);
        await Eventually.WaitUntilAsync(async () => await CutAsync() > 0, "the connection was cut");

        await AddAsync(other, post, "Meanwhile");
        await reader.WaitForAsync(2);
        await Eventually.WaitUntilAsync(async () => await ListenersAsync() > 0, "the node listens again");
        await AddAsync(other, post, "Afterwards");
        await reader.WaitForAsync(3);

        await waking.StopAsync(Cancel);
        Assert.Equal(3, reader.Arrived.Count);
    }

    protected override async Task<IAsyncDisposable> TakeDatabaseAwayAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        var closed = new ClosedDatabase(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Database = "postgres" }.ConnectionString, settings.Database!);
        await closed.CloseAsync();
        return closed;
    }

    protected override BackgroundService Waking() => Blog.Services.GetServices<IHostedService>().OfType<PostgreSqlNotificationListener>().Single();

    private async Task<int> CutAsync()
    {
        await using var db = Blog.OpenContext();
        return await db.Database.SqlQueryRaw<int>(
            "SELECT COUNT(pg_terminate_backend(pid))::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'").SingleAsync(Cancel);
    }

    private async Task<int> ListenersAsync()
    {
        await using var db = Blog.OpenContext();
        return await db.Database.SqlQueryRaw<int>(
            "SELECT COUNT(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'").SingleAsync(Cancel);
    }

    /// <summary>A database that takes no connection and has lost those it had.</summary>
    private sealed class ClosedDatabase(string server, string name) : IAsyncDisposable
    {
        public async Task CloseAsync()
        {
            await RunAsync($"ALTER DATABASE \"{name}\" WITH ALLOW_CONNECTIONS false");
            await RunAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        }

        public async ValueTask DisposeAsync() => await RunAsync($"ALTER DATABASE \"{name}\" WITH ALLOW_CONNECTIONS true");

        private async Task RunAsync(string statement)
        {
            await using var connection = new NpgsqlConnection(server);
            await connection.OpenAsync(Cancel);
#pragma warning disable CA2100 // The name is made by the tests.
            await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }
}
