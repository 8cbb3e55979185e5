using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace BlazorBlog.Data.Providers;

public sealed class PostgreSqlBlogDbContext : BlogDbContext
{
    /// <remarks>Without a transaction, the lost answer of a single statement could not be told from a statement that was never run.</remarks>
    public PostgreSqlBlogDbContext(DbContextOptions<PostgreSqlBlogDbContext> options) : base(options) =>
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<string>().HaveConversion<StorableTextConverter>();
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
    }
}

/// <summary><c>timestamp with time zone</c> keeps a moment and no offset; Npgsql refuses any other offset than UTC's rather than drop it.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(moment => moment.ToUniversalTime(), moment => moment);

/// <summary>
/// PostgreSQL's text holds neither U+0000 (PostgreSQL documentation, 8.3) nor half of a surrogate pair, which UTF-8 cannot say. One such
/// character in the words of a provider must not keep a result out of the ledger, so it is stored as U+FFFD.
/// </summary>
internal sealed class StorableTextConverter() : ValueConverter<string, string>(text => Storable(text), text => text)
{
    private static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
