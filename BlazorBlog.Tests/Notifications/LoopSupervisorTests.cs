using BlazorBlog.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Notifications;

public sealed class LoopSupervisorTests : IDisposable
{
    private readonly FakeClock _clock = FakeClock.Standing();
    private readonly LoggedLines _log = new();
    private readonly ILoggerFactory _loggers;

    public LoopSupervisorTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));

    public void Dispose() => _loggers.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_loop_that_fails_is_logged_shows_in_the_health_and_begins_again()
    {
        var supervisor = new LoopSupervisor(_clock, _loggers.CreateLogger<LoopSupervisor>());
        var (begun, told) = (0, new TaskCompletionSource());

        var running = supervisor.RunAsync("Sending", () => ++begun == 1 ? throw new InvalidOperationException("Boom.") : told.Task, Cancel);

        Assert.Equal(HealthStatus.Degraded, await HealthAsync());
        Assert.StartsWith("Sending failed", Assert.Single(_log.Lines.Items), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.WaitUntilAsync(() => begun == 2, "the loop was begun again");
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync());

        told.SetResult();
        await running;

        async Task<HealthStatus> HealthAsync() => (await supervisor.CheckHealthAsync(new HealthCheckContext(), Cancel)).Status;
    }

    [Fact]
    public async Task A_loop_that_fails_while_the_program_stops_is_not_begun_again()
    {
        using var stopping = new CancellationTokenSource();
        var begun = 0;

        await new LoopSupervisor(_clock, _loggers.CreateLogger<LoopSupervisor>()).RunAsync(
            "Sending",
            () =>
            {
                begun++;
                stopping.Cancel();
                throw new InvalidOperationException("Boom.");
            },
            stopping.Token);

        Assert.Equal(1, begun);
    }
}
