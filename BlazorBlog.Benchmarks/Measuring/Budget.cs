using System.Globalization;

namespace BlazorBlog.Measuring;

/// <summary>The limit of a ratio of ours to theirs.</summary>
internal sealed class Budget
{
    private readonly double _limit;
    private readonly bool _isFloor;

    private Budget(double limit, bool isFloor)
    {
        _limit = limit;
        _isFloor = isFloor;
    }

    public static Budget AtLeast(double ratio) => new(ratio, isFloor: true);

    public static Budget AtMost(double ratio) => new(ratio, isFloor: false);

    public bool IsKeptBy(double ratio) => _isFloor ? ratio >= _limit : ratio <= _limit;

    public override string ToString() => $"{(_isFloor ? "at least" : "at most")} {_limit.ToString("0.0#", CultureInfo.InvariantCulture)}";
}
