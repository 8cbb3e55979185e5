using BlazorBlog.Data;
using BlazorBlog.Notifications.Recipients;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts.Mail;

/// <summary>Tells users by mail what was changed in their account, so that a change by another person is noticed.</summary>
public sealed class AccountNotifier(IDbContextFactory<BlogDbContext> contexts, WriteGate gate, TimeProvider time)
{
    /// <param name="user">Whose account.</param>
    /// <param name="change">What was done.</param>
    /// <param name="cancellationToken">Stops before the save.</param>
    /// <param name="address">Where to, when not to the account's address.</param>
    public async Task TellAsync(BlogUser user, AccountChange change, CancellationToken cancellationToken, string? address = null)
    {
        if ((address ?? user.Email) is not { } email)
        {
            return;
        }

        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        AddMail(db, user, change, email);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Adds the mail to the next save; the ledger does not say whose account it was that is gone.</summary>
    internal void AddMail(BlogDbContext db, BlogUser user, AccountChange change, string email) => new AccountMail
    {
        Kind = AccountMailKind.Changed,
        Change = change,
        Email = email,
        Name = user.DisplayName,
        Culture = user.Culture,
    }.AddTo(db, change == AccountChange.Deleted ? RecipientKey.OfGuest(Guid.CreateVersion7()) : RecipientKey.OfUser(user.Id), time.GetUtcNow());
}
