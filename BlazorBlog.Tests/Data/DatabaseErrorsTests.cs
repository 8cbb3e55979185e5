using System.Net.Sockets;
using BlazorBlog.Data.Providers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlazorBlog.Data;

public sealed class DatabaseErrorsTests
{
    public static TheoryData<Exception> Passing =>
    [
        new SqliteException("database is locked", 5),
        new SqliteException("database or disk is full", 13),
        new SqliteException("attempt to write a readonly database", 8),
        new SqliteException("disk I/O error", 10),
        new PostgresException("No space left on device", "ERROR", "ERROR", "53100"),
        new PostgresException("deadlock detected", "ERROR", "ERROR", "40P01"),
        new NpgsqlException("Connection reset", new IOException()),
        new TimeoutException(),
        new SocketException((int)SocketError.HostNotFound),
    ];

    public static TheoryData<Exception> Refusals =>
    [
        new SqliteException("CHECK constraint failed", 19),
        new PostgresException("value too long for type character varying(10)", "ERROR", "ERROR", "22001"),
        new PostgresException("duplicate key value violates unique constraint", "ERROR", "ERROR", "23505"),
        new InvalidOperationException("The instance cannot be tracked."),
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    public void What_passes_by_itself_is_no_refusal(Exception exception)
    {
        Assert.False(DatabaseErrors.IsRefusal(exception));
        Assert.False(DatabaseErrors.IsRefusal(new DbUpdateException("An error occurred while saving.", exception is TimeoutException or SocketException ? new NpgsqlException("Timeout", exception) : exception)));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Data_that_is_refused_is_refused_again(Exception exception)
    {
        Assert.True(DatabaseErrors.IsRefusal(exception));
        Assert.True(DatabaseErrors.IsRefusal(new DbUpdateException("An error occurred while saving.", exception)));
    }
}
