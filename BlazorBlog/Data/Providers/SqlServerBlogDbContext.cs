using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data.Providers;

public sealed class SqlServerBlogDbContext : BlogDbContext
{
    /// <remarks>Without a transaction, the lost answer of a single statement could not be told from a statement that was never run.</remarks>
    public SqlServerBlogDbContext(DbContextOptions<SqlServerBlogDbContext> options) : base(options) =>
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
}
