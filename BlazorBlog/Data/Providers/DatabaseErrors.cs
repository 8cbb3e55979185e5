using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace BlazorBlog.Data.Providers;

/// <summary>What the errors of the three databases mean for whoever may try again.</summary>
internal static class DatabaseErrors
{
    private static readonly int[] SqliteRefusals = [raw.SQLITE_CONSTRAINT, raw.SQLITE_MISMATCH, raw.SQLITE_TOOBIG];

    /// <summary>Constraint, truncation, conversion and overflow; https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors.</summary>
    private static readonly int[] SqlServerRefusals = [220, 245, 515, 547, 2601, 2627, 2628, 8114, 8115, 8152];

    /// <summary>Whether the database failed, and not the program; Npgsql leaves a name that cannot be resolved as it is.</summary>
    public static bool IsOfDatabase(Exception exception) => Causes(exception).Any(cause => cause is DbException or SocketException);

    /// <summary>Whether the database failed in a way that passes by itself.</summary>
    public static bool IsOutage(Exception exception) => IsOfDatabase(exception) && !IsRefusal(exception);

    /// <summary>
    /// Whether the data itself is refused, or the program is wrong: the same again will fail again. A full disk, a locked or read-only file,
    /// a lost connection and a timeout pass.
    /// </summary>
    public static bool IsRefusal(Exception exception)
    {
        var causes = Causes(exception).ToList();
        return causes.OfType<DbException>().FirstOrDefault() switch
        {
            SqliteException sqlite => SqliteRefusals.Contains(sqlite.SqliteErrorCode),
            // Classes 22 (data) and 23 (integrity), https://www.postgresql.org/docs/current/errcodes-appendix.html.
            PostgresException postgres => postgres.SqlState.StartsWith("22", StringComparison.Ordinal) || postgres.SqlState.StartsWith("23", StringComparison.Ordinal),
            { } other => IsSqlServerRefusal(other),
            null => !causes.Exists(cause => cause is OperationCanceledException or TimeoutException or IOException or SocketException),
        };
    }

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    // In a method of its own: SqlClient is loaded where this is first run, and only SQL Server's errors come here.
    private static bool IsSqlServerRefusal(Exception cause) => cause is SqlException server && SqlServerRefusals.Contains(server.Number);
}
