using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace BlazorBlog.Data.Providers;

/// <summary>Makes contexts for <c>dotnet ef migrations</c>; no connection is ever opened. See CONTRIBUTING.md.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteBlogDbContext>
{
    public SqliteBlogDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteBlogDbContext>().UseSqlite("Data Source=design.db").Options);
}

internal sealed class PostgreSqlDesignTimeFactory : IDesignTimeDbContextFactory<PostgreSqlBlogDbContext>
{
    public PostgreSqlBlogDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlBlogDbContext>().UseNpgsql("Host=design").Options);
}

internal sealed class SqlServerDesignTimeFactory : IDesignTimeDbContextFactory<SqlServerBlogDbContext>
{
    public SqlServerBlogDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerBlogDbContext>().UseSqlServer("Server=design").Options);
}
