using BlazorBlog.Data;
using BlazorBlog.Notifications.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>
/// One statement that takes rows for this node and answers them, for each database: two nodes that ask at once never get the same row.
/// LINQ cannot say SKIP LOCKED or READPAST, without which the second node would wait for the first and take its rows over. Leases begin and
/// end by the clock of the database's server: by their own, a node whose clock is ahead would take what another one is sending. SQLite has
/// no server; all its nodes share one machine and its clock.
/// </summary>
internal static class ClaimStatements
{
    /// <summary>Parameters: 0 owner, 1 <see cref="LeaseParameter"/>, 2 now, 3 most rows.</summary>
    public static string OutboxMessages(BlogDbContext db) => Statement(
        db,
        nameof(BlogDbContext.OutboxMessages),
        set: [Lease(db)],
        where: [$"{Column(db, nameof(OutboxMessage.ProcessedAt))} IS NULL", Free(db)],
        orderBy: nameof(OutboxMessage.Id));

    /// <summary>Parameters: 0 owner, 1 <see cref="LeaseParameter"/>, 2 now, 3 most rows, 4 channel, 5 the pending state, 6 priority.</summary>
    public static string Deliveries(BlogDbContext db)
    {
        var crashes = Column(db, nameof(Delivery.AbandonedLeases));
        var owner = Column(db, nameof(Delivery.LeaseOwner));
        return Statement(
            db,
            nameof(BlogDbContext.Deliveries),
            // A lease that ran out still names its owner: where another process had begun an attempt, it died in it.
            set: [Lease(db), $"{crashes} = {crashes} + CASE WHEN {owner} IS NULL OR {owner} = {{0}} OR {Column(db, nameof(Delivery.SendStartedAt))} IS NULL THEN 0 ELSE 1 END"],
            where:
            [
                $"{Column(db, nameof(Delivery.State))} = {{5}}",
                $"{Column(db, nameof(Delivery.Channel))} = {{4}}",
                $"{Column(db, nameof(Delivery.Priority))} = {{6}}",
                $"{Column(db, nameof(Delivery.DueAt))} <= {{2}}",
                Free(db),
            ],
            orderBy: nameof(Delivery.DueAt));
    }

    /// <summary>The second parameter: when a lease that begins now ends, or how long it is where the server's clock tells.</summary>
    public static object LeaseParameter(BlogDbContext db, DateTimeOffset now, TimeSpan lease) =>
        db.Database.IsSqlite() ? ToDbTimestamp(db, now + lease) : IsSqlServer(db) ? (int)lease.TotalMilliseconds : lease;

    /// <summary>Begins the leases of <paramref name="rows"/> anew, and with <paramref name="isAttempt"/> notes that they are being sent.</summary>
    /// <returns>How many rows there were.</returns>
    public static Task<int> RenewAsync(
        BlogDbContext db, IQueryable<Delivery> rows, DateTimeOffset now, TimeSpan lease, bool isAttempt, CancellationToken cancellationToken) => rows.ExecuteUpdateAsync(
        set =>
        {
            if (isAttempt)
            {
                set.SetProperty(delivery => delivery.SendStartedAt, now);
            }

            var (until, seconds) = (now + lease, lease.TotalSeconds);
            if (db.Database.IsSqlite())
            {
                set.SetProperty(delivery => delivery.LeaseUntil, until);
            }
            else
            {
#pragma warning disable RS0030 // Translated, so this is not the machine's clock but the server's.
                set.SetProperty(delivery => delivery.LeaseUntil, _ => DateTimeOffset.UtcNow.AddSeconds(seconds));
#pragma warning restore RS0030
            }
        },
        cancellationToken);

    private static string Lease(BlogDbContext db)
    {
        var fence = Column(db, nameof(Delivery.LeaseVersion));
        var until = db.Database.IsSqlite() ? "{1}" : IsSqlServer(db) ? "DATEADD(millisecond, {1}, SYSDATETIMEOFFSET())" : "clock_timestamp() + {1}";
        return $"{Column(db, nameof(Delivery.LeaseOwner))} = {{0}}, {Column(db, nameof(Delivery.LeaseUntil))} = {until}, {fence} = {fence} + 1";
    }

    private static string Free(BlogDbContext db)
    {
        var until = Column(db, nameof(Delivery.LeaseUntil));
        var now = db.Database.IsSqlite() ? "{2}" : IsSqlServer(db) ? "SYSDATETIMEOFFSET()" : "clock_timestamp()";
        return $"({until} IS NULL OR {until} < {now})";
    }

    private static string Statement(BlogDbContext db, string table, string[] set, string[] where, string orderBy)
    {
        var (target, id, order) = (Column(db, table), Column(db, "Id"), Column(db, orderBy));
        var (assign, filter) = (string.Join(", ", set), string.Join(" AND ", where));
        if (IsSqlServer(db))
        {
            return $$"""
                WITH claimed AS (SELECT TOP({3}) * FROM {{target}} WITH (ROWLOCK, READPAST, UPDLOCK) WHERE {{filter}} ORDER BY {{order}})
                UPDATE claimed SET {{assign}} OUTPUT inserted.*
                """;
        }

        var rows = $$"""SELECT {{id}} FROM {{target}} WHERE {{filter}} ORDER BY {{order}} LIMIT {3}""";
        // As an array the rows are chosen once; PostgreSQL may run an IN again for each row, and then claim more than was asked for.
        var chosen = db.Database.IsNpgsql() ? $"= ANY(ARRAY({rows} FOR UPDATE SKIP LOCKED))" : $"IN ({rows})";
        return $$"""
            UPDATE {{target}} SET {{assign}}
            WHERE {{id}} {{chosen}}
            RETURNING *
            """;
    }

    /// <summary>A parameter as the column stores it: statements of our own pass by EF's conversions.</summary>
    public static object ToDbTimestamp(BlogDbContext db, DateTimeOffset moment) => db.Database.IsSqlite() ? moment.UtcTicks : moment;

    private static string Column(BlogDbContext db, string name) => IsSqlServer(db) ? $"[{name}]" : $"\"{name}\"";

    private static bool IsSqlServer(BlogDbContext db) => db.Database.ProviderName == "Microsoft.EntityFrameworkCore.SqlServer";
}
