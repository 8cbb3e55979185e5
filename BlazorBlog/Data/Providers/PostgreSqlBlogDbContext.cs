using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data.Providers;

public sealed class PostgreSqlBlogDbContext(DbContextOptions<PostgreSqlBlogDbContext> options) : BlogDbContext(options);
