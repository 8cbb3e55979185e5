namespace BlazorBlog.Data.Changes;

/// <summary>
/// What one context has saved but not yet announced. It lives on the context because interceptors are shared by all of them. Only the
/// context's own thread of control touches it, as with the context itself.
/// </summary>
internal sealed class ChangeMemory
{
    private readonly List<EntityChange> _current = [];
    private readonly List<EntityChange> _uncommitted = [];

    /// <summary>A transaction begins: one before it that was dropped without a rollback left its changes here.</summary>
    public void DropUncommitted() => _uncommitted.Clear();

    /// <summary>A save begins.</summary>
    public void Capture(IEnumerable<EntityChange> changes)
    {
        _current.Clear();
        _current.AddRange(changes);
    }

    /// <summary>The save succeeded inside a transaction that is still open.</summary>
    public void KeepUntilCommit()
    {
        _uncommitted.AddRange(_current);
        _current.Clear();
    }

    /// <summary>The save failed; earlier saves of an open transaction stay.</summary>
    public void DropCurrent() => _current.Clear();

    /// <summary>The save was committed by itself.</summary>
    public EntityChange[] TakeCurrent() => Take(_current);

    /// <summary>The transaction was committed.</summary>
    public EntityChange[] TakeCommitted() => Take(_uncommitted);

    public void Clear()
    {
        _current.Clear();
        _uncommitted.Clear();
    }

    private static EntityChange[] Take(List<EntityChange> changes)
    {
        EntityChange[] taken = [.. changes];
        changes.Clear();
        return taken;
    }
}
