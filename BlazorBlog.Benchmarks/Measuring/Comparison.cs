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
    public static async Task<Comparison> MeasureAsync(int rounds, Func<Task<double>> ours, Func<Task<double>> theirs) =>
        (await MeasureAllAsync(rounds, async () => [await ours()], async () => [await theirs()])).Single();

    /// <summary>The same for rounds that give several figures, always as many and in the same order; one comparison for each.</summary>
    public static async Task<IReadOnlyList<Comparison>> MeasureAllAsync(
        int rounds,
        Func<Task<IReadOnlyList<double>>> ours,
        Func<Task<IReadOnlyList<double>>> theirs)
    {
        var started = Stopwatch.GetTimestamp();
        do
        {
            await ours();
            await theirs();
        }
        while (Stopwatch.GetElapsedTime(started) < WarmUp);

        var measured = new List<(IReadOnlyList<double> Ours, IReadOnlyList<double> Theirs)>();
        for (var i = 0; i < rounds; i++)
        {
            measured.Add((await ours(), await theirs()));
        }

        return [.. measured[0].Ours.Select((_, figure) => Of([.. measured.Select(round => (round.Ours[figure], round.Theirs[figure]))]))];
    }

    private static Comparison Of(IReadOnlyList<(double Ours, double Theirs)> rounds) => new(
        rounds.Select(round => round.Ours).Median(),
        rounds.Select(round => round.Theirs).Median(),
        rounds.Select(round => round.Ours / round.Theirs).Median());
}
