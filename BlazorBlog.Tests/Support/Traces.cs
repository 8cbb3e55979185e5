using System.Data.Common;
using System.Text;
using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Support;

/// <summary>Looks for words in every column of every table, also of tables that a test does not know.</summary>
public static class Traces
{
    /// <returns>Where one of the words stands, as <c>Table.Column: value</c>.</returns>
    public static async Task<List<string>> FindAsync(BlogDbContext db, IReadOnlyCollection<string> words)
    {
        var tables = db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var connection = db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync();
        List<string> found = [];
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of our own model.
            command.CommandText = $"SELECT * FROM \"{table}\"";
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                found.AddRange(Enumerable.Range(0, reader.FieldCount)
                    .Select(i => (Column: reader.GetName(i), Value: Text(reader, i)))
                    .Where(cell => words.Any(word => cell.Value.Contains(word, StringComparison.OrdinalIgnoreCase)))
                    .Select(cell => $"{table}.{cell.Column}: {cell.Value}"));
            }
        }

        return found;
    }

    /// <summary>An id as databases, keys and claims spell it.</summary>
    public static string[] Spellings(Guid id) => [id.ToString("D"), id.ToString("N")];

    private static string Text(DbDataReader reader, int column) => reader.GetValue(column) switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes) + Convert.ToHexString(bytes),
        Guid id => id.ToString("D"),
        var value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };
}
