using BlazorBlog.Comments.Posting;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Deliveries;

public abstract class ClaimTests(IDatabaseServer server) : DatabaseTests(server)
{
    private static readonly Func<NotificationChannel, int> Any = _ => int.MaxValue;

    [Fact]
    public async Task Nodes_that_claim_at_once_never_get_the_same_delivery()
    {
        const int rows = 150;
        await AddDeliveriesAsync(rows);
        DatabaseBlog[] nodes = [Blog, OpenNode(), OpenNode()];

        var claimed = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => ClaimAllAsync(nodes[i % nodes.Length]), Cancel)));

        var ids = claimed.SelectMany(deliveries => deliveries).Select(delivery => delivery.Id).ToList();
        Assert.Equal(rows, ids.Count);
        Assert.Equal(rows, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_claim_takes_no_more_than_it_asks_for_and_nothing_that_is_not_due()
    {
        await AddDeliveriesAsync(10);
        await AddDeliveriesAsync(3, dueIn: TimeSpan.FromHours(1));

        var claimed = await Claim(Blog, 4);
        var rest = await Claim(Blog, 50);

        Assert.Equal((4, 6), (claimed.Count, rest.Count));
        Assert.All(claimed, delivery => Assert.Equal((Blog.Get<NodeId>().Value, 1, 0), (delivery.LeaseOwner!.Value, delivery.LeaseVersion, delivery.AbandonedLeases)));
    }

    [Fact]
    public async Task Nodes_that_fan_out_at_once_plan_each_comment_once()
    {
        const int comments = 45;
        var post = await Blog.AddPostAsync();
        for (var i = 0; i < comments; i++)
        {
            await Blog.CommentAsync(post.Slug, $"Comment {i}");
        }

        DatabaseBlog[] nodes = [Blog, OpenNode()];
        await Task.WhenAll(nodes.Select(node => Task.Run(() => FanOutAllAsync(node), Cancel)));

        await using var db = Blog.OpenContext();
        Assert.Equal(0, await db.OutboxMessages.CountAsync(message => message.ProcessedAt == null, Cancel));
        // By mail and by SMS to the author, off in this configuration.
        Assert.Equal(comments * 2, await db.Deliveries.CountAsync(Cancel));
    }

    [Fact]
    public async Task The_holder_of_a_stale_lease_changes_nothing()
    {
        await AddDeliveriesAsync(1);
        var stale = Assert.Single(await Claim(Blog, 1));
        Assert.Equal([stale.Id], await Blog.Get<DeliveryStore>().StartSendingAsync([stale], Cancel));
        await ExpireLeasesAsync();
        var other = OpenNode();
        var taken = Assert.Single(await Claim(other, 1));

        var now = TimeProvider.System.GetUtcNow();
        var failed = SendResult.Permanent("550", "No such mailbox");
        using var measurements = new Measurements(Blog.Services);
        Assert.Empty(await Blog.Get<DeliveryStore>().StartSendingAsync([stale], Cancel));
        await Blog.Get<DeliveryStore>().SaveAsync([new DeliveryResult(stale, row => row.Fail(failed, now), DeliveryAttempt.Of(stale, failed, now))], isRepeat: false, Cancel);
        Assert.Equal(["blog.notifications.leases.lost Email"], measurements.Seen.Keys);

        await using var db = Blog.OpenContext();
        var row = await db.Deliveries.Include(delivery => delivery.History).SingleAsync(Cancel);
        Assert.Equal((taken.LeaseOwner, taken.LeaseVersion, 1, DeliveryState.Pending), (row.LeaseOwner, row.LeaseVersion, row.AbandonedLeases, row.State));
        Assert.Null(row.LastCode);
        Assert.Empty(row.History);

        Assert.Equal([taken.Id], await other.Get<DeliveryStore>().StartSendingAsync([taken], Cancel));
        await other.Get<DeliveryStore>().SaveAsync([new DeliveryResult(taken, delivery => delivery.Accept(SendResult.Accepted("id-1"), now))], isRepeat: false, Cancel);
        await db.Entry(row).ReloadAsync(Cancel);
        Assert.Equal((DeliveryState.Accepted, "id-1"), (row.State, row.ProviderId));
    }

    [Fact]
    public async Task One_stale_result_does_not_keep_the_others_of_its_batch()
    {
        await AddDeliveriesAsync(2);
        var claimed = await Claim(Blog, 1);
        await ExpireLeasesAsync();
        Assert.Single(await Claim(OpenNode(), 1));
        var mine = await Claim(Blog, 1);

        var now = TimeProvider.System.GetUtcNow();
        await Blog.Get<DeliveryStore>().SaveAsync(
            [.. claimed.Concat(mine).Select(delivery => new DeliveryResult(delivery, row => row.Accept(SendResult.Accepted("id-1"), now)))], isRepeat: false, Cancel);

        await using var db = Blog.OpenContext();
        var states = await db.Deliveries.ToDictionaryAsync(delivery => delivery.Id, delivery => delivery.State, Cancel);
        Assert.Equal((DeliveryState.Pending, DeliveryState.Accepted), (states[claimed[0].Id], states[mine[0].Id]));
    }

    [Fact]
    public async Task Only_an_attempt_that_was_begun_counts_as_a_crash_and_never_one_of_a_node_that_lives()
    {
        await AddDeliveriesAsync(2);
        var claimed = await Claim(Blog, 2);
        await Blog.Get<DeliveryStore>().StartSendingAsync([claimed[0]], Cancel);

        await ExpireLeasesAsync();
        Assert.All(await Claim(Blog, 2), delivery => Assert.Equal(0, delivery.AbandonedLeases));
        await ExpireLeasesAsync();
        var taken = await Claim(OpenNode(), 2);

        Assert.Equal((1, 0), (taken.Single(delivery => delivery.Id == claimed[0].Id).AbandonedLeases, taken.Single(delivery => delivery.Id == claimed[1].Id).AbandonedLeases));
    }

    [Fact]
    public async Task A_node_that_takes_its_own_lapsed_lease_again_keeps_what_it_holds_and_its_result()
    {
        await AddDeliveriesAsync(1);
        var leases = Blog.Get<DeliveryLeases>();
        var held = Assert.Single(await Claim(Blog, 1));
        Assert.True(leases.Hold(held));
        await ExpireLeasesAsync();
        // While this one stood still, another took it, began to send it, and died.
        var other = OpenNode();
        await other.Get<DeliveryStore>().StartSendingAsync(await Claim(other, 1), Cancel);
        await ExpireLeasesAsync();
        // The result is on its way already.
        var sent = new DeliveryResult(held.Copy(), row => row.Accept(SendResult.Accepted("id-1"), TimeProvider.System.GetUtcNow()));

        var again = Assert.Single(await Claim(Blog, 1));

        Assert.False(leases.Hold(again));
        Assert.Equal((again.LeaseVersion, again.SendStartedAt), (held.LeaseVersion, held.SendStartedAt));
        await Blog.Get<DeliveryStore>().SaveAsync([sent], isRepeat: false, Cancel);
        await using var db = Blog.OpenContext();
        Assert.Equal(DeliveryState.Accepted, (await db.Deliveries.SingleAsync(Cancel)).State);
    }

    [Fact]
    public async Task Of_two_results_for_one_delivery_the_last_counts()
    {
        await AddDeliveriesAsync(2);
        var claimed = await Claim(Blog, 2);
        var now = TimeProvider.System.GetUtcNow();

        await Blog.Get<DeliveryStore>().SaveAsync(
            [
                new DeliveryResult(claimed[0], row => row.Release(now)),
                new DeliveryResult(claimed[1], row => row.Accept(SendResult.Accepted("id-1"), now)),
                new DeliveryResult(claimed[0].Copy(), row => row.Accept(SendResult.Accepted("id-2"), now)),
            ],
            isRepeat: false,
            Cancel);

        await using var db = Blog.OpenContext();
        Assert.Equal(["id-1", "id-2"], await db.Deliveries.Select(delivery => delivery.ProviderId).Order().ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_result_that_was_saved_although_the_save_failed_is_saved_once()
    {
        await AddDeliveriesAsync(2);
        var claimed = await Claim(Blog, 2);
        var now = TimeProvider.System.GetUtcNow();
        var failed = SendResult.Permanent("550", "No such mailbox");
        List<DeliveryResult> results = [.. claimed.Select(delivery => new DeliveryResult(delivery, row => row.Fail(failed, now), DeliveryAttempt.Of(delivery, failed, now)))];
        await Blog.Get<DeliveryStore>().SaveAsync(results[..1], isRepeat: false, Cancel);

        await Blog.Get<DeliveryStore>().SaveAsync(results, isRepeat: true, Cancel);

        await using var db = Blog.OpenContext();
        Assert.All(await db.Deliveries.Include(delivery => delivery.History).ToListAsync(Cancel), row =>
        {
            Assert.Equal(DeliveryState.Failed, row.State);
            Assert.Single(row.History);
        });
    }

    [Fact]
    public async Task The_words_of_a_provider_never_keep_a_result_out_of_the_ledger()
    {
        await AddDeliveriesAsync(1);
        var delivery = Assert.Single(await Claim(Blog, 1));
        var words = SendResult.Permanent("5\0" + new string('9', 100), new string('x', Delivery.MaxTextLength - 1) + "😀 \0");

        var now = TimeProvider.System.GetUtcNow();
        await Blog.Get<DeliveryStore>().SaveAsync([new DeliveryResult(delivery, row => row.Fail(words, now), DeliveryAttempt.Of(delivery, words, now))], isRepeat: false, Cancel);

        await using var db = Blog.OpenContext();
        Assert.Equal(DeliveryState.Failed, (await db.Deliveries.SingleAsync(Cancel)).State);
        Assert.Equal(SendOutcome.Permanent, (await db.DeliveryAttempts.SingleAsync(Cancel)).Outcome);
    }

    protected static Task<IReadOnlyList<Delivery>> Claim(DatabaseBlog node, int most) => node.Get<DeliveryStore>().ClaimAsync(NotificationChannel.Email, DeliveryPriority.Normal, most, Cancel);

    private static async Task<List<Delivery>> ClaimAllAsync(DatabaseBlog node)
    {
        var all = new List<Delivery>();
        while (await Claim(node, 7) is { Count: > 0 } some)
        {
            all.AddRange(some);
        }

        return all;
    }

    private static async Task FanOutAllAsync(DatabaseBlog node)
    {
        while ((await node.Get<OutboxProcessor>().RunAsync(Any, Cancel)).More)
        {
        }
    }

    private async Task ExpireLeasesAsync()
    {
        await using var db = Blog.OpenContext();
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await db.Deliveries.Where(delivery => delivery.LeaseOwner != null).ExecuteUpdateAsync(set => set.SetProperty(delivery => delivery.LeaseUntil, past), Cancel);
    }

    protected async Task AddDeliveriesAsync(int count, TimeSpan dueIn = default)
    {
        await using var db = Blog.OpenContext();
        var slug = $"post-{Guid.NewGuid()}";
        await Blog.AddPostAsync(slug);
        var comment = Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(slug, "Hello")).CommentId;
        var now = TimeProvider.System.GetUtcNow();
        db.Deliveries.AddRange(Enumerable.Range(0, count).Select(i => new Delivery
        {
            CommentId = comment,
            Event = NotificationEvent.CommentPublished,
            RecipientKey = $"email:reader{i}@example.com",
            Channel = NotificationChannel.Email,
            CreatedAt = now,
            DueAt = now + dueIn,
        }));
        await db.SaveChangesAsync(Cancel);
    }
}

public sealed class SqliteClaimTests(SqliteFiles files) : ClaimTests(files);

public sealed class PostgreSqlClaimTests(PostgreSqlServer server) : ClaimTests(server)
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Nodes_whose_clocks_are_an_hour_apart_respect_each_other_s_leases(int hours)
    {
        await AddDeliveriesAsync(1);
        var other = OpenNode(new StillClock(TimeProvider.System.GetUtcNow().AddHours(hours)));
        var first = hours < 0 ? other : Blog;
        if (hours < 0)
        {
            await using var db = Blog.OpenContext();
            await db.Deliveries.ExecuteUpdateAsync(set => set.SetProperty(delivery => delivery.DueAt, TimeProvider.System.GetUtcNow().AddHours(-2)), Cancel);
        }

        var claimed = Assert.Single(await Claim(first, 1));
        Assert.Empty(await Claim(first == Blog ? other : Blog, 1));
        Assert.Single(await first.Get<DeliveryStore>().StartSendingAsync([claimed], Cancel));
        Assert.Empty(await Claim(first == Blog ? other : Blog, 1));
    }

    [Fact]
    public async Task A_claim_passes_by_the_rows_of_one_that_is_not_committed_yet()
    {
        await AddDeliveriesAsync(10);
        await Blog.Get<UnitOfWork>().RunAsync(
            async db =>
            {
                var now = TimeProvider.System.GetUtcNow();
                var first = await db.Deliveries
                    .FromSqlRaw(ClaimStatements.Deliveries(db), Guid.NewGuid(), ClaimStatements.LeaseParameter(db, now, TimeSpan.FromMinutes(1)), now, 4, (int)NotificationChannel.Email, (int)DeliveryState.Pending, (int)DeliveryPriority.Normal)
                    .AsNoTracking().ToListAsync(Cancel);

                var second = await Claim(OpenNode(), 10);

                Assert.Equal((4, 6), (first.Count, second.Count));
                Assert.Empty(first.IntersectBy(second.Select(delivery => delivery.Id), delivery => delivery.Id));
            },
            Cancel);
    }
}
