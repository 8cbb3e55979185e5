using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace BlazorBlog.Data.SqlServer;

internal static class TransactSql
{
    /// <summary>Errors that SQL Server 2019's grammar finds, each with the statement; empty when it accepts the text.</summary>
    public static IReadOnlyList<string> Check(string statement)
    {
        using var reader = new StringReader(statement);
        new TSql150Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        return [.. errors.Select(error => $"{error.Message} (line {error.Line})\n{statement}")];
    }
}
