using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data.Providers;

/// <summary>Hands out pooled contexts of the configured provider under their common type.</summary>
internal sealed class BlogDbContextFactory<TContext>(IDbContextFactory<TContext> factory) : IDbContextFactory<BlogDbContext>
    where TContext : BlogDbContext
{
    public BlogDbContext CreateDbContext() => factory.CreateDbContext();
}
