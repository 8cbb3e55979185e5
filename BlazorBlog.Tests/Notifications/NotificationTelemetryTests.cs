using System.Diagnostics;
using BlazorBlog.Comments;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using BlazorBlog.Threads;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorBlog.Notifications;

public sealed class NotificationTelemetryTests : IDisposable
{
    private readonly Recorded<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private readonly TemporaryDirectory _folder = new();

    public NotificationTelemetryTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is NotificationTelemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_trace_goes_from_the_post_through_the_outbox_to_the_hand_over()
    {
        await using var blog = await TestBlog.StartAsync();

        var trace = await CommentAsync(blog);
        await blog.WaitUntilQuietAsync();

        await Eventually.WaitUntilAsync(() => Names(trace).Count == 4, "the request, the fan-out and both hand-overs ended");
        Assert.Equal(["Microsoft.AspNetCore.Hosting.HttpRequestIn", "fan-out", "send Email Accepted", "send Sms Accepted"], Names(trace));
    }

    [Fact]
    public async Task The_trace_goes_on_after_a_restart()
    {
        ActivityTraceId trace;
        await using (var before = await TestBlog.StartAsync(options => (options.Folder, options.Dispatches) = (_folder.Path, false)))
        {
            trace = await CommentAsync(before);
        }

        Assert.DoesNotContain("fan-out", Names(trace));
        await using var after = await TestBlog.StartAsync(options => options.Folder = _folder.Path);
        await after.WaitUntilQuietAsync();

        await Eventually.WaitUntilAsync(() => Names(trace).Count == 4, "the fan-out and both hand-overs ended");
    }

    [Fact]
    public async Task Comments_that_are_saved_and_fanned_out_together_keep_their_traces_apart()
    {
        await using var blog = await TestBlog.StartAsync(options => (options.Folder, options.Dispatches) = (_folder.Path, false));
        var post = await blog.AddPostAsync();
        var (first, one) = NewComment(post, "One");
        var (second, two) = NewComment(post, "Two");
        await blog.Services.GetRequiredService<CommentStore>().SaveAsync([one, two], isRepeat: false, TestContext.Current.CancellationToken);
        // Written by something that was no request.
        await blog.ChangeAsync(db => db.Comments.Add(CommentBuilder.Comment(post)));
        await blog.StopAsync();

        await using var after = await TestBlog.StartAsync(options => options.Folder = _folder.Path);
        await after.WaitUntilQuietAsync();

        await Eventually.WaitUntilAsync(() => Names(first).Count == 3 && Names(second).Count == 3, "the fan-out and the hand-overs of both ended");
        var parents = await after.ReadAsync(db => db.OutboxMessages.Select(message => message.TraceParent).ToListAsync());
        Assert.Equal(3, parents.Count);
        Assert.Single(parents, parent => parent is null);
    }

    [Fact]
    public void An_activity_of_another_form_is_no_trace_to_keep()
    {
        using var activity = new Activity("old").SetIdFormat(ActivityIdFormat.Hierarchical).SetParentId($"|{new string('x', 500)}.").Start();

        Assert.Null(TraceContext.Current);
    }

    [Fact]
    public async Task What_waits_is_measured_and_a_database_that_is_away_costs_no_other_measurement()
    {
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Dispatches = false;
            options.Time = new StillClock(FakeClock.Start);
        });
        using var measurements = new Measurements(blog.Services);
        Assert.Equal((0, 0, 0), Waiting(measurements.Collect()));
        var post = await blog.AddPostAsync();
        var comment = CommentBuilder.Comment(post);
        await blog.ChangeAsync(db =>
        {
            db.Comments.Add(comment);
            db.Deliveries.Add(DueDelivery(comment, NotificationChannel.Sms, TimeSpan.FromSeconds(90)));
            db.Deliveries.Add(DueDelivery(comment, NotificationChannel.Email, TimeSpan.FromHours(-1)));
        });

        Assert.Equal((1, 0, 90), Waiting(measurements.Collect()));
        await using (await DatabaseAway.TakeAsync(blog))
        {
            Assert.Equal(["blog.live.readers", "blog.notifications.circuit.open Email", "blog.notifications.circuit.open Sms"], measurements.Collect().Keys.Order());
        }

        Assert.Equal((1, 0, 90), Waiting(measurements.Collect()));
    }

    [Fact]
    public async Task A_channel_that_rests_is_measured()
    {
        var transport = new ScriptedEmailTransport { Answer = (_, _) => Task.FromResult<SendResult?>(SendResult.ChannelDown(ChannelFault.Quota, "quota")) };
        await using var blog = await TestBlog.StartAsync(options => options.Services = services => services.Replace(ServiceDescriptor.Singleton<IEmailTransport>(transport)));
        await CommentAsync(blog);
        await blog.WaitForDeliveryAsync(NotificationChannel.Email, delivery => delivery.LastCode == "quota", "the mail was put off");

        using var measurements = new Measurements(blog.Services);
        var measured = measurements.Collect();

        Assert.Equal((1, 0), (measured["blog.notifications.circuit.open Email"], measured["blog.notifications.circuit.open Sms"]));
    }

    [Fact]
    public async Task Readers_are_counted_while_they_have_a_thread_open()
    {
        await using var blog = await TestBlog.StartAsync();
        var post = await blog.AddPostAsync();
        using var measurements = new Measurements(blog.Services);

        using (blog.Services.GetRequiredService<LiveThreads>().Subscribe(post.Id, 0, () => Task.CompletedTask))
        using (blog.Services.GetRequiredService<LiveThreads>().Subscribe(post.Id, 0, () => Task.CompletedTask))
        {
            Assert.Equal(2, measurements.Collect()["blog.live.readers"]);
        }

        Assert.Equal(0, measurements.Collect()["blog.live.readers"]);
    }

    private static (double Outbox, double Email, double Sms) Waiting(IReadOnlyDictionary<string, double> measured) =>
        (measured["blog.outbox.messages"], measured["blog.notifications.oldest_due.age Email"], measured["blog.notifications.oldest_due.age Sms"]);

    /// <returns>The trace of a browser that posts a comment.</returns>
    private static async Task<ActivityTraceId> CommentAsync(TestBlog blog)
    {
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        using var browser = new Activity("browser").Start();
        await mina.MustCommentAsync(post.Slug, "Hello.");
        return browser.TraceId;
    }

    private static (ActivityTraceId Trace, NewComment Comment) NewComment(Post post, string body)
    {
        using var request = new Activity("request").Start();
        return (request.TraceId, new NewComment(
            post.Id, post.Slug, ParentId: null, GuestId: null, "Mina", Email: null, body, body, IdempotencyKey: body, NotifyReplies: false, Culture: null));
    }

    private static Delivery DueDelivery(Comment comment, NotificationChannel channel, TimeSpan since) => new()
    {
        CommentId = comment.Id,
        Event = NotificationEvent.CommentPublished,
        RecipientKey = "guest:somebody",
        Channel = channel,
        CreatedAt = FakeClock.Start,
        DueAt = FakeClock.Start - since,
    };

    /// <summary>What ended of a trace, with channel and outcome.</summary>
    private List<string> Names(ActivityTraceId trace) =>
    [
        .. _ended.Items.Where(activity => activity.TraceId == trace)
            .Select(activity => string.Join(' ', new[] { activity.OperationName, activity.GetTagItem(NotificationTelemetry.ChannelTag), activity.GetTagItem(NotificationTelemetry.OutcomeTag) }.OfType<string>()))
            .Order(StringComparer.Ordinal),
    ];
}
