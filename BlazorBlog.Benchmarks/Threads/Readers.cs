namespace BlazorBlog.Threads;

/// <summary>Readers who all have one page open, each on a circuit of its own.</summary>
internal sealed class Readers : IDisposable
{
    /// <summary>More than the server's processors, fewer than would time out behind one another.</summary>
    private const int OpenAtOnce = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient _browser = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false });
    private readonly Circuit?[] _circuits;
    private Sighting? _expected;

    private Readers(int count) => _circuits = new Circuit?[count];

    /// <summary>Why circuits ended that nobody closed, one text for each.</summary>
    public IReadOnlyList<string> Failures => [.. _circuits.Select(circuit => circuit?.Failure?.Message).OfType<string>()];

    /// <summary>Opens <paramref name="page"/> as <paramref name="count"/> visitors, a few at a time.</summary>
    /// <exception cref="OperationCanceledException">It took longer than three minutes.</exception>
    /// <exception cref="InvalidDataException">The server would not start one of the circuits.</exception>
    public static async Task<Readers> OpenAsync(Uri page, int count)
    {
        var readers = new Readers(count);
        try
        {
            await readers.ForAllAsync(async (i, cancellation) =>
                readers._circuits[i] = await Circuit.OpenAsync(readers._browser, page, (batch, at) => Volatile.Read(ref readers._expected)?.Look(i, batch, at), cancellation));
            return readers;
        }
        catch
        {
            readers.Dispose();
            throw;
        }
    }

    /// <summary>From now on watches for <paramref name="text"/> instead of what was expected before.</summary>
    public Sighting Expect(string text)
    {
        var sighting = new Sighting(text, _circuits.Length);
        Volatile.Write(ref _expected, sighting);
        return sighting;
    }

    /// <summary>Closes every circuit that is still open, so that the server keeps nothing of it.</summary>
    /// <exception cref="OperationCanceledException">It took longer than three minutes.</exception>
    /// <exception cref="HttpRequestException">The server does not know one of them.</exception>
    public Task CloseAsync() => ForAllAsync((i, cancellation) =>
        _circuits[i] is { Failure: null } circuit ? circuit.CloseAsync(cancellation) : Task.CompletedTask);

    public void Dispose()
    {
        foreach (var circuit in _circuits)
        {
            circuit?.Dispose();
        }

        _browser.Dispose();
    }

    private async Task ForAllAsync(Func<int, CancellationToken, Task> work)
    {
        using var patience = new CancellationTokenSource(Patience);
        var options = new ParallelOptions { MaxDegreeOfParallelism = OpenAtOnce, CancellationToken = patience.Token };
        await Parallel.ForEachAsync(Enumerable.Range(0, _circuits.Length), options, async (i, cancellation) => await work(i, cancellation));
    }
}
