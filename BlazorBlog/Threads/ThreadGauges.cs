using System.Diagnostics.Metrics;

namespace BlazorBlog.Threads;

/// <summary>How many readers this node keeps up to date.</summary>
internal sealed class ThreadGauges(IMeterFactory meters, LiveThreads threads) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.Create("BlazorBlog.Live").CreateObservableUpDownCounter("blog.live.readers", () => threads.Readers, "{reader}", "Open threads in the browsers of readers");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
