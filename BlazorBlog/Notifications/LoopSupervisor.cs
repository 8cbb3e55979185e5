using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorBlog.Notifications;

/// <summary>
/// Keeps the dispatcher's loops running: one that fails is logged, shows in the health of this node for a while, and begins again. Without
/// it a loop that died would leave its notices unsent, and nothing would say so.
/// </summary>
internal sealed partial class LoopSupervisor(TimeProvider time, ILogger<LoopSupervisor> logger) : IHealthCheck
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private volatile Failure? _last;

    /// <param name="name">For the log.</param>
    /// <param name="loop">Returns once it was told to stop.</param>
    /// <param name="stopping">A loop that fails after that is not begun again.</param>
    public async Task RunAsync(string name, Func<Task> loop, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await loop();
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever ends a loop, the notices go on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(exception, name);
                _last = new Failure(name, time.GetUtcNow());
                await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _last is { } last && time.GetUtcNow() - last.At < Remembered
            ? HealthCheckResult.Degraded($"{last.Loop} failed and was begun again")
            : HealthCheckResult.Healthy());

    [LoggerMessage(LogLevel.Critical, "{Loop} failed; it is begun again")]
    private partial void LogFailed(Exception exception, string loop);

    private sealed record Failure(string Loop, DateTimeOffset At);
}
