namespace BlazorBlog.Data.Changes;

/// <summary>
/// What one context has saved but not yet announced. It lives on the context because interceptors are shared by all of them. Only the
/// context's own thread of control touches it, as with the context itself.
/// </summary>
internal sealed class ChangeMemory
{
    private readonly List<EntityChange> _current = [];
    private readonly List<EntityChange> _uncommitted = [];

    /// <summary>A commit failed, or its answer was lost: only the database knows whether it happened.</summary>
    public bool IsCommitUnanswered { get; private set; }

    /// <summary>A transaction begins, or was rolled back: one before it that was dropped without a rollback left its changes here.</summary>
    public void DropUncommitted()
    {
        _uncommitted.Clear();
        IsCommitUnanswered = false;
    }

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

    /// <summary>A commit failed; the changes stay until the database was asked, or the context is given back.</summary>
    public void CommitFailed() => IsCommitUnanswered = true;

    /// <summary>The transaction was committed.</summary>
    public EntityChange[] TakeCommitted() => Take(_uncommitted);

    public void Clear()
    {
        _current.Clear();
        DropUncommitted();
    }

    private static EntityChange[] Take(List<EntityChange> changes)
    {
        EntityChange[] taken = [.. changes];
        changes.Clear();
        return taken;
    }
}
