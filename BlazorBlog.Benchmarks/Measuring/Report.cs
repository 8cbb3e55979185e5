using System.Globalization;

namespace BlazorBlog.Measuring;

/// <summary>Prints one line per budget, as soon as it is measured.</summary>
internal sealed class Report(TextWriter output)
{
    /// <summary>At least one budget was not kept.</summary>
    public bool IsShort { get; private set; }

    public void Add(string name, string unit, Comparison comparison, Budget budget)
    {
        var isKept = budget.IsKeptBy(comparison.Ratio);
        IsShort |= !isKept;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-44} ours {comparison.Ours,9:0.0} theirs {comparison.Theirs,9:0.0} {unit,-10} ratio {comparison.Ratio,7:0.00}  budget {budget,-13} {(isKept ? "ok" : "short")}"));
        output.Flush();
    }

    public void Skip(string name, string reason)
    {
        output.WriteLine($"{name,-44} not measured: {reason}");
        output.Flush();
    }
}
