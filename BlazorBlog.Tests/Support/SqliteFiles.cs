using BlazorBlog.Data;
using BlazorBlog.Support;
using Microsoft.Data.Sqlite;

[assembly: AssemblyFixture(typeof(SqliteFiles))]

namespace BlazorBlog.Support;

/// <summary>SQLite files in a folder that goes with the test run.</summary>
public sealed class SqliteFiles : IDatabaseServer, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blazorblog-sqlite-");

    public Task<BlogDatabase> CreateAsync() =>
        Task.FromResult(new BlogDatabase(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.db")}"));

    public async Task<BlogDatabase> CreateMigratedAsync()
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.db");
        await MigratedSqlite.CopyToAsync(path);
        return new BlogDatabase(DatabaseProvider.Sqlite, $"Data Source={path}");
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
