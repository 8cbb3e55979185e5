using BlazorBlog.Data.Changes;
using BlazorBlog.Notifications.Outbox;

namespace BlazorBlog.Accounts.Mail;

/// <summary>Wakes the dispatcher of this node as soon as a mail about an account is committed: the user may be waiting for a code.</summary>
internal sealed class AccountMailSignal(OutboxSignal dispatcher) : IEntityChangeHandler
{
    public bool Handles(Type entity) => entity == typeof(AccountMail);

    public void AfterCommit(EntityChange change)
    {
        if (change.Kind == ChangeKind.Created)
        {
            dispatcher.Notify();
        }
    }
}
