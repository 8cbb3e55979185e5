using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data.Providers;

public sealed class SqliteBlogDbContext(DbContextOptions<SqliteBlogDbContext> options) : BlogDbContext(options)
{
    /// <summary>SQLite has no type for a moment, and its text form neither sorts nor compares; ticks do.</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
}
