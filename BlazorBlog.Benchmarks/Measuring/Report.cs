using System.Globalization;

namespace BlazorBlog.Measuring;

/// <summary>Prints one line per budget, as soon as it is measured.</summary>
internal sealed class Report(TextWriter output)
{
    /// <summary>At least one budget was not kept.</summary>
    public bool IsShort { get; private set; }

    /// <summary>A measured figure; without a budget it only explains another one.</summary>
    public void Add(string name, string unit, Comparison comparison, Budget? budget = null)
    {
        var isKept = budget?.IsKeptBy(comparison.Ratio) ?? true;
        IsShort |= !isKept;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-44} ours {comparison.Ours,9:0.0} theirs {comparison.Theirs,9:0.0} {unit,-10} ratio {comparison.Ratio,7:0.00}  budget {budget?.ToString() ?? "none",-13} {(isKept ? "ok" : "short")}"));
        output.Flush();
    }

    /// <summary>Something of which nothing is allowed to happen.</summary>
    /// <param name="name">What that is.</param>
    /// <param name="reasons">One text for each time it happened.</param>
    public void AddFaults(string name, IReadOnlyCollection<string> reasons)
    {
        IsShort |= reasons.Count > 0;
        output.WriteLine($"{name,-44} {reasons.Count}, allowed 0 {(reasons.Count == 0 ? "ok" : $"short: {reasons.First()}")}");
        output.Flush();
    }

    public void Skip(string name, string reason)
    {
        output.WriteLine($"{name,-44} not measured: {reason}");
        output.Flush();
    }
}
