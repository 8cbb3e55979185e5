using System.Net;
using BlazorBlog.Accounts;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace BlazorBlog.Data;

public abstract class DatabaseMigratorTests(IDatabaseServer server)
{
    /// <summary>A start that hangs must not hang the tests.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_database_gets_the_whole_schema()
    {
        await using var blog = DatabaseBlog.Open(await server.CreateAsync());

        await blog.MigrateAsync();

        await using var db = blog.OpenContext();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Cancel));
        Assert.Empty(await db.Posts.Include(post => post.Tags).ToListAsync(Cancel));
    }

    [Fact]
    public async Task An_author_of_the_time_before_accounts_gets_a_stamp_and_can_be_locked_out()
    {
        await using var blog = DatabaseBlog.Open(await server.CreateAsync());
        await using var db = blog.OpenContext();
        await db.GetService<IMigrator>().MigrateAsync("LiveThreads", Cancel);
        Guid[] authors = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        foreach (var id in authors)
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "Users" ("Id", "UserName", "NormalizedUserName", "DisplayName", "Email", "EmailConfirmed", "PhoneNumberConfirmed")
                VALUES ({id}, {id.ToString()}, {id.ToString()}, 'Ada', 'ada@example.com', {true}, {false})
                """,
                Cancel);
        }

        await blog.MigrateAsync();

        var rows = await db.Users.AsNoTracking().ToListAsync(Cancel);
        Assert.Equal(authors.Order(), rows.Select(row => row.Id).Order());
        Assert.All(rows, row =>
        {
            Assert.Matches("^[0-9a-f]{32}$", row.SecurityStamp);
            Assert.Equal((true, 0, false, null), (row.LockoutEnabled, row.AccessFailedCount, row.TwoFactorEnabled, row.CreatedAt));
        });
        Assert.NotEqual(rows[0].SecurityStamp, rows[1].SecurityStamp);
        Assert.Equal(Roles.All.Order(), await db.Roles.Select(role => role.Name!).Order().ToListAsync(Cancel));
        Assert.Empty(await db.UserRoles.ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_stop_of_earlier_times_stays_and_a_bounce_of_unknown_code_is_forgotten()
    {
        await using var blog = DatabaseBlog.Open(await server.CreateAsync());
        await using var db = blog.OpenContext();
        await db.GetService<IMigrator>().MigrateAsync("PlainNames", Cancel);
        var at = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        (NotificationChannel Channel, SuppressionReason Reason)[] rows =
        [
            (NotificationChannel.Email, SuppressionReason.Undeliverable), (NotificationChannel.Sms, SuppressionReason.Undeliverable),
            (NotificationChannel.Email, SuppressionReason.OptedOut), (NotificationChannel.Email, SuppressionReason.Complaint),
        ];
        foreach (var (channel, reason) in rows)
        {
            object moment = db.Database.IsSqlite() ? at.UtcTicks : at;
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "Suppressions" ("Id", "Address", "Channel", "Reason", "CreatedAt") VALUES ({Guid.CreateVersion7()}, {$"{channel} {reason}"}, {(int)channel}, {(int)reason}, {moment})
                """,
                Cancel);
        }

        await blog.MigrateAsync();

        Assert.Equal(
            [("Email Complaint", null), ("Email OptedOut", null), ("Sms Undeliverable", at + Suppression.UndeliverableLifetime)],
            (await db.Suppressions.AsNoTracking().ToListAsync(Cancel)).Select(row => (row.Address, row.ExpiresAt)).Order());
    }

    [Fact]
    public async Task A_second_start_keeps_what_is_there()
    {
        await using var blog = DatabaseBlog.Open(await server.CreateAsync());
        await blog.MigrateAsync();
        await blog.AddPostAsync();

        await blog.MigrateAsync();

        await using var db = blog.OpenContext();
        Assert.Equal(1, await db.Posts.CountAsync(Cancel));
    }

    [Fact]
    public async Task The_migrations_make_the_model()
    {
        await using var blog = DatabaseBlog.Open(await server.CreateAsync());
        await using var db = blog.OpenContext();

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Nodes_may_start_at_once()
    {
        var database = await NameAsync();
        await using var one = DatabaseBlog.Open(database);
        await using var two = DatabaseBlog.Open(database);
        await using var three = DatabaseBlog.Open(database);

        await Task.WhenAll(Start(one), Start(two), Start(three)).WaitAsync(Patience, Cancel);

        await using var db = one.OpenContext();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Cancel));

        static Task Start(DatabaseBlog blog) => Task.Run(blog.MigrateAsync, Cancel);
    }

    [Fact]
    public async Task Processes_may_start_at_once()
    {
        var database = await NameAsync();

        var starts = new[] { BlogProcess.StartAsync(database), BlogProcess.StartAsync(database) };

        foreach (var start in starts)
        {
            await using var blog = await start;
            using var home = await blog.Http.GetAsync("/", Cancel);
            Assert.Equal(HttpStatusCode.OK, home.StatusCode);
        }
    }

    [Fact]
    public async Task A_process_killed_in_a_migration_does_not_block_the_next_start()
    {
        var database = await server.CreateAsync();
        await using var blog = DatabaseBlog.Open(database);
        await LeaveLockBehindAsync(database);

        await Task.Run(blog.MigrateAsync, Cancel).WaitAsync(Patience, Cancel);

        await using var db = blog.OpenContext();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Cancel));
    }

    /// <summary>A database that does not exist yet, where the blog's first start makes it.</summary>
    protected abstract Task<BlogDatabase> NameAsync();

    /// <summary>What a process leaves that dies while it holds EF's lock.</summary>
    protected abstract Task LeaveLockBehindAsync(BlogDatabase database);
}

public sealed class SqliteDatabaseMigratorTests(SqliteFiles files) : DatabaseMigratorTests(files)
{
    protected override Task<BlogDatabase> NameAsync() => files.CreateAsync();

    protected override async Task LeaveLockBehindAsync(BlogDatabase database)
    {
        await using var blog = DatabaseBlog.Open(database);
        await using var db = blog.OpenContext();
        await db.Database.ExecuteSqlRawAsync(
            """
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
            """,
            Cancel);
    }
}

public sealed class PostgreSqlDatabaseMigratorTests(PostgreSqlServer server) : DatabaseMigratorTests(server)
{
    [Fact]
    public async Task A_node_waits_for_the_migration_of_another_longer_than_a_command_may_take()
    {
        var database = await server.CreateAsync();
        await using var other = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await other.OpenAsync(Cancel);
        await using var hold = new NpgsqlCommand($"SELECT pg_advisory_lock({DatabaseMigrator.PostgreSqlLock})", other);
        await hold.ExecuteNonQueryAsync(Cancel);
        await using var blog = DatabaseBlog.Open(database with { ConnectionString = database.ConnectionString + ";Command Timeout=1" });

        var migrating = Task.Run(blog.MigrateAsync, Cancel);
        await using var look = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory' AND now() - query_start > interval '2 seconds'", other);
        await Eventually.WaitUntilAsync(
            async () => migrating.IsCompleted || (long)(await look.ExecuteScalarAsync(Cancel))! == 1, "the node waited for two seconds");
        Assert.False(migrating.IsCompleted);
        await other.CloseAsync();

        await migrating.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        await using var db = blog.OpenContext();
        Assert.Equal(1, db.Database.GetCommandTimeout() ?? 1);
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Cancel));
    }

    protected override Task<BlogDatabase> NameAsync() => server.NameAsync();

    protected override async Task LeaveLockBehindAsync(BlogDatabase database)
    {
        await using var died = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await died.OpenAsync(Cancel);
        await using var migrating = new NpgsqlCommand(
            """
            BEGIN;
            CREATE TABLE "__EFMigrationsHistory" ("MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32) NOT NULL);
            LOCK TABLE "__EFMigrationsHistory" IN ACCESS EXCLUSIVE MODE;
            """,
            died);
        await migrating.ExecuteNonQueryAsync(Cancel);

        await using var kill = new NpgsqlConnection(database.ConnectionString);
        await kill.OpenAsync(Cancel);
        await using var terminate = new NpgsqlCommand($"SELECT pg_terminate_backend({died.ProcessID})", kill);
        await terminate.ExecuteNonQueryAsync(Cancel);
    }
}
