using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace BlazorBlog.Data.Providers;

/// <summary>
/// Compiles a statement of SaveChanges that comes again once for as long as its connection is open. EF sends SQLite one INSERT for each
/// row, and the provider would compile its text again for each, which takes longer than to run it.
/// </summary>
internal sealed class SqliteStatementInterceptor : DbCommandInterceptor, IDbConnectionInterceptor
{
    private readonly ConditionalWeakTable<DbConnection, Statements> _statements = [];

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result) =>
        eventData.CommandSource == CommandSource.SaveChanges && result is SqliteCommand { Connection: { Handle: { } handle } connection } command
            ? _statements.GetOrCreateValue(connection).Take(command, handle)
            : result;

    public InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        if (_statements.TryGetValue(connection, out var statements))
        {
            statements.Release();
        }

        return result;
    }

    public ValueTask<InterceptionResult> ConnectionClosingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
        ValueTask.FromResult(ConnectionClosing(connection, eventData, result));

    /// <summary>Those of one connection, which like its context is used by one thread of control at a time.</summary>
    private sealed class Statements
    {
        /// <summary>By text; null for one that was met once, and then was left as it was: most are.</summary>
        private readonly Dictionary<string, CompiledCommand?> _commands = [];
        private sqlite3? _handle;

        /// <returns>A compiled command with the text and the parameters of <paramref name="command"/>, or that itself the first time.</returns>
        public SqliteCommand Take(SqliteCommand command, sqlite3 handle)
        {
            // A pooled connection may have been opened again on another handle, where these statements would run in the wrong transaction.
            if (_handle != handle)
            {
                Release();
                _handle = handle;
            }

            if (_commands.TryAdd(command.CommandText, null))
            {
                return command;
            }

            if (_commands[command.CommandText] is not { } compiled)
            {
                compiled = new CompiledCommand { Connection = command.Connection, CommandText = command.CommandText };
                compiled.Prepare();
                _commands[command.CommandText] = compiled;
            }

            compiled.Transaction = command.Transaction;
            compiled.CommandTimeout = command.CommandTimeout;
            compiled.Parameters.Clear();
            foreach (SqliteParameter parameter in command.Parameters)
            {
                compiled.Parameters.Add(parameter);
            }

            command.Dispose();
            return compiled;
        }

        public void Release()
        {
            foreach (var command in _commands.Values)
            {
                command?.Release();
            }

            _commands.Clear();
        }
    }

    /// <summary>Outlives its use: EF disposes each command once its reader is closed.</summary>
    private sealed class CompiledCommand : SqliteCommand
    {
        private bool _isReleased;

        public void Release()
        {
            _isReleased = true;
            Dispose();
        }

        protected override void Dispose(bool disposing)
        {
            if (_isReleased)
            {
                base.Dispose(disposing);
            }
        }
    }
}
