using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorBlog.Support;

/// <summary>Does something once, just before a query of a table runs: what may happen between two statements of a service happens there.</summary>
public sealed class Meanwhile(string table) : DbCommandInterceptor
{
    /// <summary>What happens; taken away before it does.</summary>
    public Func<Task>? Happens { get; set; }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (Happens is { } happens && command.CommandText.Contains($"FROM \"{table}\"", StringComparison.Ordinal))
        {
            Happens = null;
            await happens();
        }

        return result;
    }
}
