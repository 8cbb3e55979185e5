using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace BlazorBlog.Data;

/// <summary>Where the database is: <c>ConnectionStrings:Blog</c>, checked and completed for its provider.</summary>
internal static class BlogConnectionString
{
    public const string Key = "ConnectionStrings:Blog";

    private const string DefaultFile = "App_Data/blog.db";

    /// <param name="provider">The database.</param>
    /// <param name="configured">As written in the configuration, or null.</param>
    /// <param name="contentRoot">A relative SQLite file is relative to it, wherever the program was started from.</param>
    /// <param name="error">What is wrong with it, naming the key; null when nothing is.</param>
    public static string Read(DatabaseProvider provider, string? configured, string contentRoot, out string? error)
    {
        error = null;
        try
        {
            switch (provider)
            {
                case DatabaseProvider.Sqlite:
                    var file = new SqliteConnectionStringBuilder(configured ?? "");
                    error = Complete(file, contentRoot);
                    return file.ConnectionString;
                case DatabaseProvider.PostgreSql:
                    var postgreSql = new NpgsqlConnectionStringBuilder(configured ?? "");
                    error = Require(postgreSql, postgreSql.Host, provider, "Host=db;Database=blog;Username=blog;Password=...");
                    return postgreSql.ConnectionString;
                case DatabaseProvider.SqlServer:
                    return ReadSqlServer(configured, out error);
                default:
                    throw new ArgumentOutOfRangeException(nameof(provider));
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            error = $"{Key}: not a connection string for {provider}. {exception.Message}";
            return "";
        }
    }

    /// <remarks>Inlined into its caller, it would load SqlClient (megabytes, and a native library) with every provider.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string ReadSqlServer(string? configured, out string? error)
    {
        var connection = new SqlConnectionStringBuilder(configured ?? "");
        error = Require(connection, connection.DataSource, DatabaseProvider.SqlServer, "Server=db;Database=Blog;User Id=blog;Password=...");
        return connection.ConnectionString;
    }

    private static string? Complete(SqliteConnectionStringBuilder connection, string contentRoot)
    {
        if (connection.DataSource.Length == 0)
        {
            connection.DataSource = DefaultFile;
        }

        // In memory, each connection would see a database of its own.
        if (connection.DataSource == ":memory:" || connection.Mode == SqliteOpenMode.Memory || connection.DataSource.StartsWith("file:", StringComparison.Ordinal))
        {
            return $"{Key}: Data Source must be the path of a file.";
        }

        connection.DataSource = Path.Combine(contentRoot, connection.DataSource);
        return null;
    }

    private static string? Require(DbConnectionStringBuilder connection, string? server, DatabaseProvider provider, string example) =>
        connection.Count == 0 || string.IsNullOrWhiteSpace(server)
            ? $"{Key}: Database:Provider={provider} needs to know its server, e.g. {example}"
            : null;
}
