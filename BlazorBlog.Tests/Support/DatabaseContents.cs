using Microsoft.Data.Sqlite;

namespace BlazorBlog.Support;

/// <summary>Every row of a blog's SQLite database, to be compared with what is there later.</summary>
public static class DatabaseContents
{
    /// <param name="blog">Whose.</param>
    /// <param name="except">Tables that are not looked at.</param>
    /// <returns>One line per row, with the name of its table.</returns>
    public static async Task<IReadOnlyList<string>> ReadAsync(TestBlog blog, params string[] except)
    {
        await using var connection = new SqliteConnection($"Data Source={blog.DatabaseFile};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        List<string> rows = [];
        foreach (var table in (await ReadAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")).Except(except))
        {
            rows.AddRange((await ReadAsync(connection, $"SELECT * FROM \"{table}\"")).Select(row => $"{table}: {row}"));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>What one has and the other has not.</summary>
    public static IReadOnlyList<string> Difference(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        [.. before.Except(after).Select(row => $"- {row}"), .. after.Except(before).Select(row => $"+ {row}")];

    private static async Task<List<string>> ReadAsync(SqliteConnection connection, string query)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of tables out of the database itself.
        command.CommandText = query;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> rows = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column) is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader.GetValue(column)}")));
        }

        return rows;
    }
}
