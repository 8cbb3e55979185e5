using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
#if SQLSERVER
using Microsoft.Data.SqlClient;
#endif

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
#if SQLSERVER
                case DatabaseProvider.SqlServer:
                    var sqlServer = new SqlConnectionStringBuilder(configured ?? "");
                    error = Require(sqlServer, sqlServer.DataSource, provider, "Server=db;Database=Blog;User Id=blog;Password=...");
                    return sqlServer.ConnectionString;
#endif
                default:
                    // The settings already say that this build lacks the provider.
                    return "";
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            error = $"{Key}: not a connection string for {provider}. {exception.Message}";
            return "";
        }
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
