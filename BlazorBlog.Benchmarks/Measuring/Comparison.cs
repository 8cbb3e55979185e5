using System.Diagnostics;

namespace BlazorBlog.Measuring;

/// <summary>Two sides measured in the same minutes on the same machine.</summary>
/// <param name="Ours">Median of our rounds.</param>
/// <param name="Theirs">Median of theirs.</param>
/// <param name="Ratio">Median of the ratios of neighbouring rounds, which share what else the machine was doing.</param>
internal sealed record Comparison(double Ours, double Theirs, double Ratio)
{
    /// <summary>The runtime compiles what is used often a second and a third time; a blog that has run for a while is past that.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    /// <summary>Measures both in turn, <paramref name="rounds"/> times, after some that do not count.</summary>
    public static async Task<Comparison> MeasureAsync(int rounds, Func<Task<double>> ours, Func<Task<double>> theirs)
    {
        var started = Stopwatch.GetTimestamp();
        do
        {
            await ours();
            await theirs();
        }
        while (Stopwatch.GetElapsedTime(started) < WarmUp);

        var measured = new List<(double Ours, double Theirs)>();
        for (var i = 0; i < rounds; i++)
        {
            measured.Add((await ours(), await theirs()));
        }

        return new Comparison(
            measured.Select(round => round.Ours).Median(),
            measured.Select(round => round.Theirs).Median(),
            measured.Select(round => round.Ours / round.Theirs).Median());
    }
}
