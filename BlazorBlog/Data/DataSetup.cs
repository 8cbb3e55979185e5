using System.Diagnostics;
using BlazorBlog.Data.Audit;
using BlazorBlog.Data.Changes;
using BlazorBlog.Data.Keys;
using BlazorBlog.Data.Providers;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace BlazorBlog.Data;

public static class DataSetup
{
    public static void AddData(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var settings = builder.AddSettings<DatabaseSettings>("Database");
        var connectionString = BlogConnectionString.Read(
            settings.Provider, builder.Configuration.GetConnectionString("Blog"), builder.Environment.ContentRootPath, out var error);
        services.AddOptions<DatabaseSettings>().Validate(_ => error is null, error ?? "");
        services.AddSingleton(new WriteGate(isSingleWriter: settings.Provider == DatabaseProvider.Sqlite));
        services.AddSingleton<CommentNotificationInterceptor>();
        services.AddSingleton<EntityChangeInterceptor>();
        services.AddSingleton<IEntityChangeHandler, AuditTrail>();

        switch (settings.Provider)
        {
            case DatabaseProvider.PostgreSql:
                services.AddProvider<PostgreSqlBlogDbContext>(options => options.UseNpgsql(connectionString, server =>
                {
                    server.ExecutionStrategy(dependencies => new PostgreSqlRetryingStrategy(dependencies));
                    Trace(server);
                }));
                break;
            case DatabaseProvider.SqlServer:
                services.AddProvider<SqlServerBlogDbContext>(options => options.UseSqlServer(
                    connectionString, server => server.ExecutionStrategy(dependencies => new SqlServerRetryingStrategy(dependencies))));
                break;
            default:
                services.AddProvider<SqliteBlogDbContext>(options => options.UseSqlite(connectionString).AddInterceptors(new SqliteConnectionInterceptor()));
                break;
        }

        services.AddSingleton<UnitOfWork>();
        services.AddSingleton<DatabaseMigrator>();
        services.AddDataProtection().SetApplicationName("BlazorBlog");
        services.AddOptions<KeyManagementOptions>()
            .Configure<IDbContextFactory<BlogDbContext>, WriteGate>((options, contexts, gate) => options.XmlRepository = new DatabaseXmlRepository(contexts, gate));
    }

    /// <summary>Creates or updates the schema before the first request; nodes that start together take turns.</summary>
    /// <exception cref="DatabaseUnreachableException">The server does not answer, or lets the program in.</exception>
    public static Task MigrateDatabaseAsync(this WebApplication app) =>
        app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(app.Lifetime.ApplicationStopping);

    /// <summary>Statements of no request and no notice are polls: each would be a trace of its own.</summary>
    private static void Trace(NpgsqlDbContextOptionsBuilder options) => options.ConfigureDataSource(source =>
        source.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => Activity.Current is not null)));

    private static void AddProvider<TContext>(this IServiceCollection services, Action<DbContextOptionsBuilder> configure)
        where TContext : BlogDbContext
    {
        services.AddPooledDbContextFactory<TContext>((provider, options) =>
        {
            configure(options);
            // In this order: the second announces what the first has added.
            options.AddInterceptors(
                provider.GetRequiredService<CommentNotificationInterceptor>(),
                provider.GetRequiredService<EntityChangeInterceptor>());
        });
        services.AddSingleton<IDbContextFactory<BlogDbContext>, BlogDbContextFactory<TContext>>();
    }
}
