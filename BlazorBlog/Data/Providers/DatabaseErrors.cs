using System.Data.Common;
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

    /// <summary>Whether the database failed, and not the program.</summary>
    public static bool IsOfDatabase(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the data itself is refused, or the program is wrong: the same again will fail again. A full disk, a locked or read-only file,
    /// a lost connection and a timeout pass.
    /// </summary>
    public static bool IsRefusal(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException)
            {
                return cause is SqliteException sqlite ? SqliteRefusals.Contains(sqlite.SqliteErrorCode)
                    // Classes 22 (data) and 23 (integrity), https://www.postgresql.org/docs/current/errcodes-appendix.html.
                    : cause is PostgresException postgres ? postgres.SqlState.StartsWith("22", StringComparison.Ordinal) || postgres.SqlState.StartsWith("23", StringComparison.Ordinal)
                    : IsSqlServerRefusal(cause);
            }
        }

        return exception is not (OperationCanceledException or TimeoutException or IOException);
    }

    // In a method of its own: SqlClient is loaded where this is first run, and only SQL Server's errors come here.
    private static bool IsSqlServerRefusal(Exception cause) => cause is SqlException server && SqlServerRefusals.Contains(server.Number);
}
