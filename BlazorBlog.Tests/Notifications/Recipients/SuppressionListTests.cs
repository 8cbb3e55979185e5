using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Recipients;

public abstract class SuppressionListTests(IDatabaseServer server) : DatabaseTests(server)
{
    private const string Address = "jin@example.com";

    [Fact]
    public async Task Requests_of_two_nodes_at_the_same_moment_all_succeed()
    {
        DatabaseBlog[] nodes = [Blog, OpenNode()];

        await AtOnceAsync(list => list.AddAsync(Address, NotificationChannel.Email, SuppressionReason.OptedOut, Cancel));
        Assert.Equal([SuppressionReason.OptedOut], await ReasonsAsync());

        await AtOnceAsync(list => list.RemoveAsync(Address, NotificationChannel.Email, SuppressionReason.OptedOut, Cancel));
        Assert.Empty(await ReasonsAsync());

        Task AtOnceAsync(Func<SuppressionList, Task> change) =>
            Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => change(nodes[i % nodes.Length].Get<SuppressionList>()), Cancel))).WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task A_bounce_a_complaint_and_a_stop_come_and_go_by_themselves()
    {
        var list = Blog.Get<SuppressionList>();
        await list.AddAsync(Address, NotificationChannel.Email, SuppressionReason.Complaint, Cancel);
        await list.AddAsync(Address, NotificationChannel.Email, SuppressionReason.OptedOut, Cancel);
        await list.AddAsync(Address, NotificationChannel.Email, SuppressionReason.Undeliverable, Cancel);
        Assert.Equal([SuppressionReason.Undeliverable, SuppressionReason.OptedOut, SuppressionReason.Complaint], await ReasonsAsync());

        await list.RemoveAsync(Address, NotificationChannel.Email, SuppressionReason.OptedOut, Cancel);

        Assert.Equal([SuppressionReason.Undeliverable, SuppressionReason.Complaint], await ReasonsAsync());
    }

    [Fact]
    public async Task A_bounce_expires_unless_it_happens_again()
    {
        var clock = FakeClock.Standing();
        var node = OpenNode(clock);
        await node.Get<SuppressionList>().AddAsync(Address, NotificationChannel.Email, SuppressionReason.Undeliverable, Cancel);
        Assert.Equal(SuppressionReason.Undeliverable, await InForceAsync());

        clock.Advance(Suppression.UndeliverableLifetime);
        Assert.Null(await InForceAsync());

        await node.Get<SuppressionList>().AddAsync(Address, NotificationChannel.Email, SuppressionReason.Undeliverable, Cancel);
        clock.Advance(Suppression.UndeliverableLifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(SuppressionReason.Undeliverable, await InForceAsync());

        async Task<SuppressionReason?> InForceAsync()
        {
            await using var db = node.OpenContext();
            var found = await SuppressionList.ReadAsync(db, [Address], clock.GetUtcNow(), Cancel);
            return found.TryGetValue((Address, NotificationChannel.Email), out var reason) ? reason : null;
        }
    }

    private async Task<List<SuppressionReason>> ReasonsAsync()
    {
        await using var db = Blog.OpenContext();
        return await db.Suppressions.Select(suppression => suppression.Reason).Order().ToListAsync(Cancel);
    }
}

public sealed class SqliteSuppressionListTests(SqliteFiles files) : SuppressionListTests(files);

public sealed class PostgreSqlSuppressionListTests(PostgreSqlServer server) : SuppressionListTests(server);
