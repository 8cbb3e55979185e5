using BlazorBlog.Data;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Accounts.Mail;

/// <summary>
/// What a mail about an account will say and to whom; its delivery has the same id. Both are written in the save of their cause, and rendered
/// when sent, so that neither row holds a code or a link.
/// </summary>
public sealed class AccountMail
{
    /// <summary>How long the ledger remembers mails about accounts: it names addresses of people who never finished signing up.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required AccountMailKind Kind { get; init; }

    public required string Email { get; init; }

    public string? Name { get; init; }

    public SiteCulture? Culture { get; init; }

    public Guid? VerificationId { get; init; }

    /// <summary>With <see cref="AccountMailKind.Changed"/>: what.</summary>
    public AccountChange? Change { get; init; }

    /// <summary>Adds the mail and its delivery to the next save.</summary>
    /// <param name="db">Where the cause is saved as well.</param>
    /// <param name="recipientKey">Whose mail it is, as the ledger names people.</param>
    /// <param name="now">Creation and due time.</param>
    public void AddTo(BlogDbContext db, string recipientKey, DateTimeOffset now)
    {
        db.AccountMails.Add(this);
        db.Deliveries.Add(new Delivery
        {
            Id = Id,
            Event = NotificationEvent.Account,
            RecipientKey = recipientKey,
            Channel = NotificationChannel.Email,
            Priority = DeliveryPriority.Account,
            CreatedAt = now,
            DueAt = now,
        });
    }

    /// <summary>Deletes the content of mails that were sent or given up; their deliveries stay.</summary>
    public static Task ForgetFinishedAsync(BlogDbContext db, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        db.AccountMails
            .Where(mail => ids.Contains(mail.Id) && db.Deliveries.Any(delivery => delivery.Id == mail.Id && delivery.State != DeliveryState.Pending))
            .ExecuteDeleteAsync(cancellationToken);

    /// <summary>Removes deliveries of mails about accounts that are older than <see cref="Retention"/>.</summary>
    public static Task PurgeAsync(BlogDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldest = now - Retention;
        return db.Deliveries
            .Where(delivery => delivery.Event == NotificationEvent.Account && delivery.State != DeliveryState.Pending && delivery.CreatedAt < oldest)
            .ExecuteDeleteAsync(cancellationToken);
    }
}

internal sealed class AccountMailMapping : IEntityTypeConfiguration<AccountMail>
{
    public void Configure(EntityTypeBuilder<AccountMail> mail)
    {
        mail.Property(m => m.Id).ValueGeneratedNever();
        mail.Property(m => m.Email).HasMaxLength(EmailAddress.MaxLength);
        mail.Property(m => m.Name).HasMaxLength(BlogUser.MaxNameLength);
        mail.HasOne<Delivery>().WithOne().HasForeignKey<AccountMail>(m => m.Id).OnDelete(DeleteBehavior.Cascade);
    }
}

public enum AccountMailKind
{
    /// <summary>Code and link for a new account.</summary>
    SignUp,

    /// <summary>A sign-up with an address that has an account; a code to sign in instead.</summary>
    AlreadyKnown,

    /// <summary>Code to sign in.</summary>
    SignIn,

    /// <summary>Link to choose another password.</summary>
    ResetPassword,

    /// <summary>Link to prove a new address.</summary>
    ChangeEmail,

    /// <summary>Something about signing in changed; sent so that a stranger cannot do it unnoticed.</summary>
    Changed,
}

public enum AccountChange
{
    Password,
    Email,
    TwoFactorOn,
    TwoFactorOff,
    RecoveryCodes,
    PasskeyAdded,
    PasskeyRemoved,
    ExternalAdded,
    ExternalRemoved,
    Deleted,
}
