namespace BlazorBlog.Measuring;

internal static class Percentiles
{
    public static double Median(this IEnumerable<double> values) => values.Percentile(0.5);

    /// <summary>The smallest value that is not less than the share <paramref name="rank"/> (0 to 1) of all.</summary>
    public static double Percentile(this IEnumerable<double> values, double rank)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(rank * sorted.Length) - 1)];
    }
}
