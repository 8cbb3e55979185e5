namespace BlazorBlog.Data;

/// <summary>
/// SQLite has one writer, and competing ones sleep and poll: some starve for seconds. So the writers of this process queue here, first
/// come first served, and the database never sees two of them. Other databases lock rows, so there the gate does not block.
/// </summary>
public sealed class WriteGate(bool isSingleWriter) : IDisposable
{
    // Asynchronous waiters of a SemaphoreSlim are released in the order they came.
    private readonly SemaphoreSlim? _turn = isSingleWriter ? new(1, 1) : null;

    /// <summary>A database that is a file: nothing lies between it and this process that could fail for a moment.</summary>
    public bool IsSingleWriter => _turn is not null;

    /// <summary>Waits for this writer's turn; dispose the answer right after the commit.</summary>
    public async ValueTask<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        if (_turn is not null)
        {
            await _turn.WaitAsync(cancellationToken);
        }

        return new Turn(_turn);
    }

    public void Dispose() => _turn?.Dispose();

    public readonly struct Turn : IDisposable
    {
        private readonly SemaphoreSlim? _turn;

        internal Turn(SemaphoreSlim? turn) => _turn = turn;

        public void Dispose() => _turn?.Release();
    }
}
