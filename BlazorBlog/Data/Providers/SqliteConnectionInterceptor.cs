using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorBlog.Data.Providers;

/// <summary>
/// Sets what SQLite keeps per connection. Another process may hold the file: SQLite's own wait looks again within milliseconds, the
/// provider's only every 150 ms. A commit is on the disk before it is answered, so an answered comment survives a power cut.
/// </summary>
internal sealed class SqliteConnectionInterceptor : DbConnectionInterceptor
{
    private const string Pragmas = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        // SQLite has no asynchronous calls; the asynchronous methods would run just the same.
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
