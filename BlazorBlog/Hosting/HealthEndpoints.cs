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

        private async Task<HealthCheckResult> AskAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                using var turn = await gate.EnterAsync(patience.Token);
                await using var db = await contexts.CreateDbContextAsync(patience.Token);
                // The one table that every database of EF has; nothing in it changes.
                await db.Database.ExecuteSqlRawAsync("""UPDATE "__EFMigrationsHistory" SET "ProductVersion" = "ProductVersion" """, patience.Token);
                return HealthCheckResult.Healthy();
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
