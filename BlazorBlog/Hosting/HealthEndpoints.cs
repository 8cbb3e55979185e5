using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorBlog.Hosting;

/// <summary>Live: the process answers. Ready: its database takes writes as well, and it may be sent visitors.</summary>
public static class HealthEndpoints
{
    public const string Ready = "ready";

    public static void AddHealth(this WebApplicationBuilder builder) => builder.Services.AddSingleton<DatabaseHealthCheck>()
        .AddHealthChecks().AddCheck<DatabaseHealthCheck>("database", tags: [Ready]);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/healthz/live", new() { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/healthz/ready", new() { Predicate = check => check.Tags.Contains(Ready) }).AllowAnonymous();
    }

    /// <summary>
    /// Writes, for a full disk and a read-only file can be read. Anybody may ask, so questions that come together share one answer.
    /// </summary>
    private sealed class DatabaseHealthCheck(IDbContextFactory<BlogDbContext> contexts, WriteGate gate, TimeProvider time) : IHealthCheck, IDisposable
    {
        private static readonly TimeSpan Shared = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(5);

        private readonly SemaphoreSlim _turn = new(1, 1);
        private HealthCheckResult _last;
        private DateTimeOffset _askedAt;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                if (time.GetUtcNow() - _askedAt >= Shared)
                {
                    _last = await AskAsync();
                    _askedAt = time.GetUtcNow();
                }

                return _last;
            }
            finally
            {
                _turn.Release();
            }
        }

        public void Dispose() => _turn.Dispose();

        /// <summary>A server without room for a commit ends or refuses by itself; a standby, or one that was made read-only, answers.</summary>
        private static string TakesWrites(BlogDbContext db) => db.Database.IsNpgsql()
            ? """SELECT CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' THEN 0 ELSE 1 END AS "Value" """
            : "SELECT CASE WHEN DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_WRITE' THEN 1 ELSE 0 END AS [Value]";

        private async Task<HealthCheckResult> AskAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                using var turn = await gate.EnterAsync(patience.Token);
                await using var db = await contexts.CreateDbContextAsync(patience.Token);
                if (db.Database.IsSqlite())
                {
                    // A number in the file's header that nobody reads. Another one each time: SQLite writes nothing where nothing changes.
#pragma warning disable EF1002 // A number of ours; a pragma takes no parameter.
                    await db.Database.ExecuteSqlRawAsync($"PRAGMA user_version = {time.GetUtcNow().ToUnixTimeSeconds() % int.MaxValue}", patience.Token);
#pragma warning restore EF1002
                    return HealthCheckResult.Healthy();
                }

                return await db.Database.SqlQueryRaw<int>(TakesWrites(db)).SingleAsync(patience.Token) == 1
                    ? HealthCheckResult.Healthy()
                    : HealthCheckResult.Unhealthy("The database takes no writes.");
            }
#pragma warning disable CA1031 // Whatever stops a write, the node is not ready.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                return HealthCheckResult.Unhealthy("The database takes no writes.", exception);
            }
        }
    }
}
