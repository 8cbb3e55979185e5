using BlazorBlog.Data.Changes;
using BlazorBlog.Notifications;

namespace BlazorBlog.Accounts.Mail;

/// <summary>Wakes the <see cref="AccountMailer"/> of this node as soon as a mail is committed: somebody waits for a code.</summary>
internal sealed class AccountMailBell(TimeProvider time) : Bell(time), IEntityChangeHandler
{
    public bool Handles(Type entity) => entity == typeof(AccountMail);

    public void AfterCommit(EntityChange change)
    {
        if (change.Kind == ChangeKind.Created)
        {
            Ring();
        }
    }
}
