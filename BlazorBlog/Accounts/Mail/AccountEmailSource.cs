using BlazorBlog.Components;
using BlazorBlog.Data;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Templates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.Mail;

/// <summary>Mails about accounts: codes, links, and what was changed. A code that was used or is too old is not sent any more.</summary>
internal sealed class AccountEmailSource(
    IDbContextFactory<BlogDbContext> contexts,
    EmailVerifications challenges,
    MailRenderer renderer,
    EmailSettings email,
    SiteSettings site,
    IStringLocalizer<Texts> texts,
    TimeProvider time) : IEmailSource
{
    public DeliveryPriority Priority => DeliveryPriority.Account;

    /// <summary>With two, one hanging mail does not block the rest; more would take connections from the comment mails.</summary>
    public int Parallelism => 2;

    public async Task<IReadOnlyList<LoadedNotification>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var ids = deliveries.Select(delivery => delivery.Id).ToList();
        var mails = await db.AccountMails.AsNoTracking().Where(mail => ids.Contains(mail.Id)).ToDictionaryAsync(mail => mail.Id, cancellationToken);
        var open = await challenges.FindAsync(mails.Values.Select(mail => mail.VerificationId).OfType<Guid>(), cancellationToken);
        return [.. deliveries.Select(delivery => Read(delivery, mails.GetValueOrDefault(delivery.Id), open))];
    }

    public async Task<EmailMessage> ComposeAsync(Notification notice)
    {
        var (delivery, mail, letter) = (AccountNotification)notice;
        var rendered = await renderer.RenderAsync<AccountText, AccountEmail>(
            mail.Culture ?? site.Culture, nameof(AccountText.Letter), letter, () => AccountTexts.Subject(letter, site, texts));
        return new EmailMessage
        {
            From = email.Sender(site),
            To = new Mailbox(mail.Email, mail.Name),
            Subject = rendered.Subject,
            Text = rendered.Text,
            Html = rendered.Html,
            MessageId = NotificationMessageId.Of(delivery, MessageId.DomainOf(site.BaseUrl)),
            Date = time.GetUtcNow(),
            QueuedAt = delivery.CreatedAt,
        };
    }

    private LoadedNotification Read(Delivery delivery, AccountMail? mail, Dictionary<Guid, EmailVerification> open)
    {
        EmailVerification? challenge = null;
        if (mail is null || (mail.VerificationId is { } id && !open.TryGetValue(id, out challenge)))
        {
            return new LoadedNotification(delivery, null, NotSentReason.Outdated, null);
        }

        var letter = new AccountLetter(mail.Kind, mail.Name, mail.Change, challenge is null ? null : challenges.Code(challenge), Link(challenge));
        return new LoadedNotification(delivery, new AccountNotification(delivery, mail, letter), null, null);
    }

    private Uri? Link(EmailVerification? challenge) => challenge switch
    {
        { Purpose: VerificationPurpose.SignUp, UserId: null } => site.Link($"account/confirm/{challenges.Token(challenge)}"),
        { Purpose: VerificationPurpose.ResetPassword } => site.Link($"account/reset/{challenges.Token(challenge)}"),
        { Purpose: VerificationPurpose.ChangeEmail } => site.Link($"account/email/{challenges.Token(challenge)}"),
        _ => null,
    };
}
