using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace BlazorBlog.Comments;

/// <summary>What the disk can do: one prepared INSERT after another, each its own durable commit, with nothing around it.</summary>
internal sealed class RawCommits : IDisposable
{
    private const int Commits = 192;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public RawCommits(string file)
    {
        _connection = new SqliteConnection($"Data Source={file};Pooling=False");
        _connection.Open();
        using var create = _connection.CreateCommand();
        create.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE Line (Id INTEGER PRIMARY KEY, Body TEXT NOT NULL);";
        create.ExecuteNonQuery();
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO Line (Body) VALUES ($body)";
        _insert.Parameters.AddWithValue("$body", new string('x', 200));
        _insert.Prepare();
    }

    /// <returns>Commits per second.</returns>
    public double Measure()
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Commits; i++)
        {
            _insert.ExecuteNonQuery();
        }

        return Commits / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}
