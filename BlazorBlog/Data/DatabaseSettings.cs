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

    public IEnumerable<string> Validate(string section) => [];
}
