using BlazorBlog.Components;
using BlazorBlog.Data;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.Mail;

/// <summary>
/// Sends mails about accounts, apart from notices: whoever waits for a code must not queue behind a thread's followers. A row is taken by
/// lease, so a node that dies leaves it to the others, and goes once a server has it; a code that is too old is not sent any more.
/// </summary>
internal sealed partial class AccountMailer(
    IDbContextFactory<BlogDbContext> contexts,
    WriteGate gate,
    IEnumerable<IEmailTransport> transports,
    EmailChallenges challenges,
    MailRenderer renderer,
    AccountMailBell bell,
    EmailSettings email,
    NotificationSettings settings,
    SiteSettings site,
    IStringLocalizer<Texts> texts,
    TimeProvider time,
    ILogger<AccountMailer> logger) : BackgroundService
{
    private const int Together = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // None with Email:Transport None; the pages say so, and nobody is promised a mail.
        if (transports.LastOrDefault() is not { } transport)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await SendDueAsync(transport, stoppingToken))
                {
                    await bell.WaitAsync(settings.PollInterval, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Most often the database is away; the worker outlives it.
                LogLookFailed(exception);
                await bell.WaitAsync(settings.PollInterval, stoppingToken);
            }
        }
    }

    /// <returns>Whether there was anything to send.</returns>
    private async Task<bool> SendDueAsync(IEmailTransport transport, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var due = await db.AccountMails.AsNoTracking().Where(mail => mail.DueAt <= now && (mail.LeaseUntil == null || mail.LeaseUntil < now))
            .OrderBy(mail => mail.DueAt).Take(Together).ToListAsync(cancellationToken);
        await Task.WhenAll(due.Select(mail => SendAsync(transport, mail, cancellationToken)));
        return due.Count > 0;
    }

    private async Task SendAsync(IEmailTransport transport, AccountMail mail, CancellationToken cancellationToken)
    {
        if (!await LeaseAsync(mail, cancellationToken))
        {
            return;
        }

        var challenge = mail.ChallengeId is { } id ? await challenges.FindAsync(id, purpose: null, cancellationToken) : null;
        if (mail.ChallengeId is not null && challenge is null)
        {
            await ForgetAsync(mail);
            return;
        }

        SendResult result;
        try
        {
            result = await transport.SendAsync(await ComposeAsync(mail, challenge), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            result = SendResult.Transient("exception", exception.GetType().Name);
        }

        var attempts = mail.Attempts + 1;
        var deadline = challenge?.ExpiresAt ?? (mail.CreatedAt + settings.EmailHorizon);
        var isOver = result.Outcome is SendOutcome.Accepted or SendOutcome.Permanent;
        if (isOver || RetrySchedule.Next(attempts, result.RetryAfter, Random.Shared.NextDouble(), time.GetUtcNow(), deadline) is not { } next)
        {
            if (result.Outcome != SendOutcome.Accepted)
            {
                LogGivenUp(mail.Kind, mail.Id, attempts, result.Code);
            }

            await ForgetAsync(mail);
            return;
        }

        LogRetry(mail.Kind, mail.Id, attempts, result.Code);
        await PostponeAsync(mail, next);
    }

    private async Task<bool> LeaseAsync(AccountMail mail, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Another node may have tried it and put it off since it was read.
        return await db.AccountMails.Where(row => row.Id == mail.Id && row.DueAt <= now && (row.LeaseUntil == null || row.LeaseUntil < now))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, now + settings.LeaseDuration).SetProperty(row => row.Attempts, row => row.Attempts + 1), cancellationToken) == 1;
    }

    private async Task PostponeAsync(AccountMail mail, DateTimeOffset due)
    {
        using var turn = await gate.EnterAsync(CancellationToken.None);
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        await db.AccountMails.Where(row => row.Id == mail.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, due).SetProperty(row => row.LeaseUntil, (DateTimeOffset?)null), CancellationToken.None);
    }

    private async Task ForgetAsync(AccountMail mail)
    {
        using var turn = await gate.EnterAsync(CancellationToken.None);
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        await db.AccountMails.Where(row => row.Id == mail.Id).ExecuteDeleteAsync(CancellationToken.None);
    }

    private async Task<EmailMessage> ComposeAsync(AccountMail mail, EmailChallenge? challenge)
    {
        var letter = new AccountLetter(mail.Kind, mail.Name, mail.Change, challenge is null ? null : challenges.Code(challenge), Link(challenge));
        var rendered = await renderer.RenderAsync<AccountText, AccountEmail>(
            mail.Culture ?? site.Culture, nameof(AccountText.Letter), letter, () => AccountTexts.Subject(letter, site, texts));
        return new EmailMessage
        {
            From = email.Sender(site),
            To = new Mailbox(mail.Email, mail.Name),
            Subject = rendered.Subject,
            Text = rendered.Text,
            Html = rendered.Html,
            // A repeat is the same mail to the letter.
            MessageId = $"account-{mail.Id:N}@{MessageId.DomainOf(site.BaseUrl)}",
            Date = mail.CreatedAt,
        };
    }

    private Uri? Link(EmailChallenge? challenge) => challenge switch
    {
        { Purpose: ChallengePurpose.SignUp, UserId: null } => site.Link($"account/confirm/{challenges.Token(challenge)}"),
        { Purpose: ChallengePurpose.ResetPassword } => site.Link($"account/reset/{challenges.Token(challenge)}"),
        { Purpose: ChallengePurpose.ChangeEmail } => site.Link($"account/email/{challenges.Token(challenge)}"),
        _ => null,
    };

    [LoggerMessage(LogLevel.Error, "Mails about accounts could not be looked for; trying again")]
    private partial void LogLookFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Mail {Kind} ({MailId}) was not taken at attempt {Attempt}: {Code}; trying again")]
    private partial void LogRetry(AccountMailKind kind, Guid mailId, int attempt, string? code);

    [LoggerMessage(LogLevel.Error, "Mail {Kind} ({MailId}) was given up at attempt {Attempt}: {Code}")]
    private partial void LogGivenUp(AccountMailKind kind, Guid mailId, int attempt, string? code);
}
