using BlazorBlog.Data.Changes;

namespace BlazorBlog.Notifications.Outbox;

/// <summary>Wakes the dispatcher of this node as soon as an outbox message is committed.</summary>
public sealed class OutboxSignal(TimeProvider time) : Signal(time), IEntityChangeHandler
{
    public bool Handles(Type entity) => entity == typeof(OutboxMessage);

    public void AfterCommit(EntityChange change)
    {
        if (change.Kind == ChangeKind.Created)
        {
            Notify();
        }
    }
}
