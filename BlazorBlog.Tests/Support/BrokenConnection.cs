using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace BlazorBlog.Support;

public enum ConnectionBreak
{
    /// <summary>When the statement is sent.</summary>
    InStatement,

    /// <summary>Before the transaction of the statement is committed.</summary>
    BeforeCommit,

    /// <summary>After the server has committed, before its answer is here.</summary>
    AfterCommit,
}

/// <summary>Has PostgreSQL end one connection at the moment a test is about; later ones hold.</summary>
/// <param name="database">Of the connection.</param>
/// <param name="moment">When it ends.</param>
/// <param name="statement">A part of the statement, or of one in the transaction.</param>
public sealed class BrokenConnection(BlogDatabase database, ConnectionBreak moment, string statement) : DbCommandInterceptor, IDbTransactionInterceptor
{
    private int? _process;

    public bool IsBroken { get; private set; }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await SeeAsync(command);
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await SeeAsync(command);
        return result;
    }

    public async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        var connection = (NpgsqlConnection)transaction.Connection!;
        if (!IsBroken && connection.ProcessID == _process)
        {
            if (moment == ConnectionBreak.AfterCommit)
            {
                await transaction.CommitAsync(cancellationToken);
            }

            await BreakAsync(connection);
            // Whoever reads on now hears why the connection ended, as whoever waits for the answer of a commit.
            await using var listen = new NpgsqlCommand("SELECT 1", connection);
            await listen.ExecuteScalarAsync(cancellationToken);
        }

        return result;
    }

    private async Task SeeAsync(DbCommand command)
    {
        if (IsBroken || !command.CommandText.Contains(statement, StringComparison.Ordinal))
        {
            return;
        }

        var connection = (NpgsqlConnection)command.Connection!;
        _process = connection.ProcessID;
        if (moment == ConnectionBreak.InStatement)
        {
            await BreakAsync(connection);
        }
    }

    private async Task BreakAsync(NpgsqlConnection connection)
    {
        await using var other = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await using var terminate = new NpgsqlCommand($"SELECT pg_terminate_backend({connection.ProcessID}, 10000)", other);
        IsBroken = (bool)(await terminate.ExecuteScalarAsync())!;
    }
}
