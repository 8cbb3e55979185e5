using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace BlazorBlog.Data.Providers;

/// <summary>
/// Sets what SQLite keeps per connection. Another process may hold the file: SQLite's own wait looks again within milliseconds, the
/// provider's only every 150 ms. A commit is on the disk before it is answered, so an answered comment survives a power cut.
/// </summary>
internal sealed class SqliteConnectionInterceptor : DbConnectionInterceptor
{
    private const string Pragmas = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL;";

    // The pool reuses handles, and a handle keeps its settings, so each is prepared once.
    private readonly ConditionalWeakTable<sqlite3, object> _prepared = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (connection is not SqliteConnection { Handle: { } handle } sqlite)
        {
            return;
        }

        // SQLite opens a file that it may not write for reading, and says nothing. Kept in the pool, such a handle would refuse
        // writes for as long as the process lives.
        if (raw.sqlite3_db_readonly(handle, "main") != 0)
        {
            SqliteConnection.ClearPool(sqlite);
        }

        if (!_prepared.TryAdd(handle, Pragmas))
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        // SQLite has no asynchronous calls; the asynchronous methods would block as well.
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
