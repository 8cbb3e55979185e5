using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Support;

/// <summary>Takes a blog's database away until it is disposed: a directory stands where the file was, as after a lost mount.</summary>
public sealed class DatabaseAway : IAsyncDisposable
{
    private readonly string _file;

    private DatabaseAway(string file) => _file = file;

    /// <summary>Returns once the program really cannot reach it any more.</summary>
    public static Task<DatabaseAway> TakeAsync(TestBlog blog) => TakeAsync(blog.DatabaseFile, () => blog.ReadAsync(db => db.Posts.CountAsync()));

    /// <inheritdoc cref="TakeAsync(TestBlog)"/>
    public static Task<DatabaseAway> TakeAsync(DatabaseBlog node, BlogDatabase database) =>
        TakeAsync(new SqliteConnectionStringBuilder(database.ConnectionString).DataSource, async () =>
        {
            await using var db = node.OpenContext();
            return await db.Posts.CountAsync();
        });

    private static async Task<DatabaseAway> TakeAsync(string file, Func<Task<int>> read)
    {
        var away = new DatabaseAway(file);
        File.Move(away._file, away._file + ".away");
        Directory.CreateDirectory(away._file);
        await Eventually.WaitUntilAsync(async () =>
        {
            // Connections that were open before still reach the file.
            SqliteConnection.ClearAllPools();
            try
            {
                return await read() < 0;
            }
            catch (SqliteException)
            {
                return true;
            }
        }, "the database was away");
        return away;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_file);
        // Who asks in this moment makes an empty file, and would keep it open.
        File.Move(_file + ".away", _file, overwrite: true);
        SqliteConnection.ClearAllPools();
        return ValueTask.CompletedTask;
    }
}
