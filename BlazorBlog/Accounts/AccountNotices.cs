using BlazorBlog.Accounts.Mail;
using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts;

/// <summary>Tells people by mail what was done to their account, so that nobody else does it unnoticed.</summary>
public sealed class AccountNotices(IDbContextFactory<BlogDbContext> contexts, WriteGate gate, TimeProvider time)
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
        db.AccountMails.Add(Mail(user, change, email));
        await db.SaveChangesAsync(cancellationToken);
    }

    internal AccountMail Mail(BlogUser user, AccountChange change, string email)
    {
        var now = time.GetUtcNow();
        return new AccountMail
        {
            Kind = AccountMailKind.Changed,
            Change = change,
            Email = email,
            Name = user.DisplayName,
            Culture = user.Culture,
            CreatedAt = now,
            DueAt = now,
        };
    }
}
