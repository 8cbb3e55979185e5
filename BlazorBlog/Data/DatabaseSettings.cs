using BlazorBlog.Hosting;

namespace BlazorBlog.Data;

public enum DatabaseProvider
{
    Sqlite,
    PostgreSql,
    SqlServer,
}

public sealed class DatabaseSettings : ISettings
{
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    public IEnumerable<string> Validate(string section)
    {
#if SQLSERVER
        return [];
#else
        if (Provider == DatabaseProvider.SqlServer)
        {
            yield return $"{section}:Provider: this build has no SQL Server provider. Build with -p:SqlServer=Full, which needs a package registry that serves Microsoft.Data.SqlClient whole.";
        }
#endif
    }
}
