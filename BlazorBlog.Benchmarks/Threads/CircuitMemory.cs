using BlazorBlog.Measuring;
using BlazorBlog.Servers;

namespace BlazorBlog.Threads;

/// <summary>What each reader who has a post open costs the server in memory, against a bare interactive page with the same comments.</summary>
internal sealed class CircuitMemory : IBenchmark
{
    private const int Rounds = 3;

    private const int Comments = 50;

    private const int Circuits = 1000;

    public string Name => "circuits";

    public async Task RunAsync(Report report)
    {
        using var blog = await BlogProcess.StartAsync(Comments);
        using var bare = await BareThreadProcess.StartAsync(await blog.ReadPageTextAsync());
        var failures = new List<string>();
        var comparisons = await Comparison.MeasureAllAsync(
            Rounds,
            ours: () => MeasureAsync(blog.Page, blog.Server, failures),
            theirs: () => MeasureAsync(bare.Server.Address, bare.Server, failures));
        report.Add("memory per open circuit | bare page", "KiB", comparisons[0], Budget.AtMost(1.3));
        report.Add("managed heap of it | bare page", "KiB", comparisons[1]);
        report.AddFaults("circuits that ended by themselves", failures);
    }

    private static async Task<IReadOnlyList<double>> MeasureAsync(Uri page, ChildServer server, List<string> failures)
    {
        var before = await server.MeasureMemoryAsync();
        using var readers = await Readers.OpenAsync(page, Circuits);
        var after = await server.MeasureMemoryAsync();
        failures.AddRange(readers.Failures);
        await readers.CloseAsync();
        return [PerCircuit(before.WorkingSet, after.WorkingSet), PerCircuit(before.Heap, after.Heap)];
    }

    private static double PerCircuit(long before, long after) => (after - before) / 1024.0 / Circuits;
}
