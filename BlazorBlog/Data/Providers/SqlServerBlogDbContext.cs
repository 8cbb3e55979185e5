using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data.Providers;

public sealed class SqlServerBlogDbContext(DbContextOptions<SqlServerBlogDbContext> options) : BlogDbContext(options);
