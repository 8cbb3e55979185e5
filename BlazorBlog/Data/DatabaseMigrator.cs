using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorBlog.Data;

/// <summary>Brings the schema up to date, one node at a time.</summary>
internal sealed partial class DatabaseMigrator(IDbContextFactory<BlogDbContext> contexts, TimeProvider time, ILogger<DatabaseMigrator> logger)
{
    /// <summary>"BlogMigr" in ASCII: a number that no other user of the database is likely to lock.</summary>
    internal const long PostgreSqlLock = 0x426C6F674D696772;

    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>A server that creates a database, or makes it ready to be opened, refuses others for as long.</summary>
    private static readonly TimeSpan CreatePatience = TimeSpan.FromSeconds(10);

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // A node that waits for another one's migration waits for as long as it takes, and so does a change of a large table.
        db.Database.SetCommandTimeout(0);
        if (db.Database.IsSqlite())
        {
            await MigrateSqliteAsync(db, cancellationToken);
        }
        else
        {
            await CreateAsync(db, cancellationToken);
            if (db.Database.IsNpgsql())
            {
                await MigratePostgreSqlAsync(db, cancellationToken);
            }
            else
            {
                // EF's lock on SQL Server is held by the session, so it is released when the process dies.
                await MigratePendingAsync(db, cancellationToken);
            }
        }
    }

    /// <summary>
    /// EF's own lock on PostgreSQL ends with the transaction of each migration, and a node that waited for it then repeats those that it had
    /// found pending before. An advisory lock lasts as long as its session.
    /// </summary>
    private async Task MigratePostgreSqlAsync(BlogDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({PostgreSqlLock})", cancellationToken);
        try
        {
            await MigratePendingAsync(db, cancellationToken);
        }
        finally
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({PostgreSqlLock})", CancellationToken.None);
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>
    /// EF's lock lives inside the database, so nodes that create it race; the loser finds it created. SQL Server refuses logins before it is
    /// ready, and both servers refuse a second CREATE DATABASE while they copy the template for the first.
    /// </summary>
    private async Task CreateAsync(BlogDbContext db, CancellationToken cancellationToken)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        var patience = time.GetUtcNow() + CreatePatience;
        while (!await ExistsAsync(db, creator, cancellationToken))
        {
            try
            {
                await creator.CreateAsync(cancellationToken);
            }
            catch (DbException) when (time.GetUtcNow() < patience)
            {
                await Task.Delay(LockRetry, time, cancellationToken);
            }
        }
    }

    private static async Task<bool> ExistsAsync(BlogDbContext db, IRelationalDatabaseCreator creator, CancellationToken cancellationToken)
    {
        try
        {
            return await creator.ExistsAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or RetryLimitExceededException or SocketException)
        {
            throw new DatabaseUnreachableException(db.Database.GetDbConnection().DataSource, exception);
        }
    }

    /// <summary>
    /// EF's own lock on SQLite is a row that a killed process leaves behind, and the next start would wait for it forever. The operating
    /// system's lock on a file beside the database is released with its process, so the node that holds it may clear that row.
    /// </summary>
    private async Task MigrateSqliteAsync(BlogDbContext db, CancellationToken cancellationToken)
    {
        var file = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);

        await using var fileLock = await LockAsync(file + ".migrating", cancellationToken);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL; DROP TABLE IF EXISTS \"__EFMigrationsLock\";", cancellationToken);
        await MigratePendingAsync(db, cancellationToken);
    }

    private async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(LockRetry, time, cancellationToken);
            }
        }
    }

    private async Task MigratePendingAsync(BlogDbContext db, CancellationToken cancellationToken)
    {
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
        if (pending > 0)
        {
            LogMigrating(pending);
            await db.Database.MigrateAsync(cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Applying {Count} database migrations")]
    private partial void LogMigrating(int count);
}
