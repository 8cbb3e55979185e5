using System.Diagnostics;

namespace BlazorBlog.Support;

/// <summary>Waits for an outcome by looking at it, never by guessing how long it takes.</summary>
public static class Eventually
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);

    /// <param name="outcome">What shall become true.</param>
    /// <param name="because">The sentence of the failure: what should have happened.</param>
    /// <exception cref="TimeoutException">It did not become true within a minute.</exception>
    public static Task WaitUntilAsync(Func<bool> outcome, string because) => WaitUntilAsync(() => Task.FromResult(outcome()), because);

    /// <inheritdoc cref="WaitUntilAsync(Func{bool}, string)"/>
    public static async Task WaitUntilAsync(Func<Task<bool>> outcome, string because)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await outcome())
        {
            if (Stopwatch.GetElapsedTime(started) > Cap)
            {
                throw new TimeoutException($"Within {Cap.TotalSeconds} seconds it did not happen that {because}.");
            }

            await Task.Delay(BetweenLooks, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The first answer that is not null.</summary>
    /// <inheritdoc cref="WaitUntilAsync(Func{bool}, string)"/>
    public static async Task<T> WaitForAsync<T>(Func<Task<T?>> outcome, string because) where T : class
    {
        T? found = null;
        await WaitUntilAsync(async () => (found = await outcome()) is not null, because);
        return found!;
    }
}
