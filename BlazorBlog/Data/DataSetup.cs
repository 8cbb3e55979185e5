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
using Npgsql;

namespace BlazorBlog.Data;

public static class DataSetup
{
    /// <summary>After this long without traffic, Npgsql checks that the connection is still alive.</summary>
    private const int KeepAliveSeconds = 15;

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
                // Ours, so that its connections are closed with the blog; EF keeps one that it makes to the end of the process.
                services.AddSingleton(_ => OpenDataSource(connectionString));
                services.AddProvider<PostgreSqlBlogDbContext>((provider, options) => options.UseNpgsql(
                    provider.GetRequiredService<NpgsqlDataSource>(), server => server.ExecutionStrategy(dependencies => new PostgreSqlRetryingStrategy(dependencies))));
                break;
            case DatabaseProvider.SqlServer:
                services.AddProvider<SqlServerBlogDbContext>((_, options) => options.UseSqlServer(
                    connectionString, server => server.ExecutionStrategy(dependencies => new SqlServerRetryingStrategy(dependencies))));
                break;
            default:
                services.AddProvider<SqliteBlogDbContext>((_, options) => options.UseSqlite(connectionString).AddInterceptors(new SqliteConnectionInterceptor(), new SqliteStatementInterceptor()));
                break;
        }

        services.AddSingleton<UnitOfWork>();
        services.AddSingleton<DatabaseMigrator>();
        ProtectKeys(services.AddDataProtection().SetApplicationName("BlazorBlog"), settings);
        services.AddOptions<KeyManagementOptions>()
            .Configure<IDbContextFactory<BlogDbContext>, WriteGate>((options, contexts, gate) => options.XmlRepository = new DatabaseXmlRepository(contexts, gate));
    }

    /// <summary>Creates or updates the schema before the first request; nodes that start together take turns.</summary>
    /// <exception cref="DatabaseUnreachableException">The server does not answer, or lets the program in.</exception>
    public static Task MigrateDatabaseAsync(this WebApplication app) =>
        app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(app.Lifetime.ApplicationStopping);

    private static void ProtectKeys(IDataProtectionBuilder keys, DatabaseSettings settings)
    {
        // Wrong files are reported with all other wrong settings.
        if (settings.KeyCertificates.Count > 0 && !settings.Validate("").Any())
        {
            var certificates = settings.KeyCertificates.Select(KeyCertificate.Read).ToArray();
            keys.ProtectKeysWithCertificate(certificates[0]).UnprotectKeysWithAnyCertificate(certificates);
        }
    }

    private static NpgsqlDataSource OpenDataSource(string connectionString)
    {
        var source = new NpgsqlDataSourceBuilder(connectionString);
        // Without keepalive a connection that only waits for notifications would not notice a dead link. The connection string takes precedence.
        source.ConnectionStringBuilder.KeepAlive = source.ConnectionStringBuilder.KeepAlive == 0 ? KeepAliveSeconds : source.ConnectionStringBuilder.KeepAlive;
        // Statements outside a request or a notice are polls: each would start a trace of its own.
        return source.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => Activity.Current is not null)).Build();
    }

    private static void AddProvider<TContext>(this IServiceCollection services, Action<IServiceProvider, DbContextOptionsBuilder> configure)
        where TContext : BlogDbContext
    {
        services.AddPooledDbContextFactory<TContext>((provider, options) =>
        {
            configure(provider, options);
            // In this order: the second announces what the first has added.
            options.AddInterceptors(
                provider.GetRequiredService<CommentNotificationInterceptor>(),
                provider.GetRequiredService<EntityChangeInterceptor>());
        });
        services.AddSingleton<IDbContextFactory<BlogDbContext>, BlogDbContextFactory<TContext>>();
    }
}
