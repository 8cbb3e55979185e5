using Microsoft.EntityFrameworkCore;

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
