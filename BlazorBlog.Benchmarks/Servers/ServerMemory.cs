using System.Globalization;

namespace BlazorBlog.Servers;

/// <summary>What a server's process holds, in bytes.</summary>
/// <param name="WorkingSet">In the machine's memory, the runtime's own and native buffers included.</param>
/// <param name="Heap">Reachable objects.</param>
internal readonly record struct ServerMemory(long WorkingSet, long Heap)
{
    private const string Mark = "memory in use: ";

    /// <summary>Of this process, without garbage and without what the collector keeps in reserve.</summary>
    public static ServerMemory Take()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new ServerMemory(Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false));
    }

    /// <returns>Null for a line that <see cref="ToString"/> did not write.</returns>
    public static ServerMemory? TryParse(string line) =>
        line.StartsWith(Mark, StringComparison.Ordinal) && line[Mark.Length..].Split(' ') is [var workingSet, var heap]
            ? new ServerMemory(long.Parse(workingSet, CultureInfo.InvariantCulture), long.Parse(heap, CultureInfo.InvariantCulture))
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mark}{WorkingSet} {Heap}");
}
