using System.Linq.Expressions;
using System.Globalization;
using BlazorBlog.Components;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.Mail;

/// <summary>Mails about accounts: from the row, through the same deliveries as every notice, to a real mail server.</summary>
public abstract class AccountEmailTests(IDatabaseServer server) : DatabaseTests(server)
{
    private readonly FakeClock _clock = FakeClock.Running();

    [Fact]
    public async Task A_code_is_handed_over_with_the_code_in_its_subject_and_no_row_shows_it()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        var node = Open(smtp);
        var id = await AskAsync(node, VerificationPurpose.SignUp, AccountMailKind.SignUp, mail => mail with { MailName = "Hana" });
        var code = await CodeAsync(node, id);
        var row = await RowTextAsync(node);
        var sending = await StartAsync(node);

        var message = Assert.Single(await smtp.WaitForMessagesAsync(1, Cancel));
        await NothingLeftAsync(node);
        await sending.StopAsync(Cancel);

        Assert.Equal(["hana@example.com"], message.To);
        Assert.Equal($"{code} is your code for BlazorBlog", message.Mail.Subject);
        Assert.Equal("Hana <hana@example.com>", message.Mail.To);
        Assert.Contains(code, message.Mail.Text, StringComparison.Ordinal);
        const string link = "https://blog.example/account/confirm/";
        var token = message.Mail.Text[(message.Mail.Text.IndexOf(link, StringComparison.Ordinal) + link.Length)..].Split('\n')[0].Trim();
        Assert.Equal(id, node.Get<EmailVerifications>().ReadToken(VerificationPurpose.SignUp, token));
        Assert.DoesNotContain(code, row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_asked_for_while_the_dispatcher_rests_is_sent_at_once()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        var node = Open(smtp, ("Notifications:PollInterval", "01:00:00"));
        var sending = await StartAsync(node);
        // It has looked once, found nothing, and waits for its hour or the signal.
        await Eventually.WaitUntilAsync(() => _clock.Timers > 0, "the dispatcher rested");

        await AskAsync(node, VerificationPurpose.SignIn, AccountMailKind.SignIn);

        await smtp.WaitForMessagesAsync(1, Cancel);
        await sending.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_temporary_refusal_is_tried_again_later_with_the_same_mail()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.Once("RCPT", "451 4.7.1 Greylisted, try again");
        var node = Open(smtp);
        await AskAsync(node, VerificationPurpose.SignIn, AccountMailKind.SignIn);
        var asked = _clock.GetUtcNow();
        var sending = await StartAsync(node);
        await Eventually.WaitUntilAsync(
            async () => (await DeliveriesAsync(node)).SingleOrDefault() is { Attempts: 1, LeaseUntil: null } waiting && waiting.DueAt > asked, "the mail was put off");
        Assert.Empty(smtp.Messages);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await NothingLeftAsync(node);
        await sending.StopAsync(Cancel);

        Assert.Single(smtp.Messages);
        Assert.Equal(2, smtp.Commands.Count(command => command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_refusal_for_good_ends_it()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On("RCPT", "550 5.1.1 No such user");
        var node = Open(smtp);
        await AskAsync(node, VerificationPurpose.SignIn, AccountMailKind.SignIn);

        var sending = await StartAsync(node);
        await NothingLeftAsync(node);
        await sending.StopAsync(Cancel);

        Assert.Single(smtp.Commands, command => command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(DeliveryState.Failed, Assert.Single(await DeliveriesAsync(node)).State);
        await using var db = node.OpenContext();
        Assert.Empty(await db.Suppressions.ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_code_that_is_too_old_or_was_answered_is_not_sent()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        var node = Open(smtp);
        await AskAsync(node, VerificationPurpose.SignIn, AccountMailKind.SignIn);
        _clock.Advance(EmailVerifications.Lifetime);
        var answered = await AskAsync(node, VerificationPurpose.SignIn, AccountMailKind.SignIn);
        Assert.NotNull(await node.Get<EmailVerifications>().AnswerAsync(answered, await CodeAsync(node, answered), Cancel));

        var sending = await StartAsync(node);
        await NothingLeftAsync(node);
        await sending.StopAsync(Cancel);

        Assert.Empty(smtp.Messages);
        Assert.All(await DeliveriesAsync(node), delivery => Assert.Equal(NotSentReason.Outdated, delivery.Reason));
    }

    [Fact]
    public async Task A_code_whose_next_try_would_come_too_late_is_given_up()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On("RCPT", "451 4.7.1 Try again");
        var node = Open(smtp);
        await AskAsync(node, VerificationPurpose.SignIn, AccountMailKind.SignIn);
        _clock.Advance(EmailVerifications.Lifetime - TimeSpan.FromSeconds(10));

        var sending = await StartAsync(node);
        await Eventually.WaitUntilAsync(async () => (await DeliveriesAsync(node)).Single().Attempts == 1, "the mail was refused");
        _clock.Advance(TimeSpan.FromMinutes(1));
        await NothingLeftAsync(node);
        await sending.StopAsync(Cancel);

        Assert.Single(smtp.Commands, command => command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(smtp.Messages);
        Assert.Equal(NotSentReason.Outdated, Assert.Single(await DeliveriesAsync(node)).Reason);
    }

    [Fact]
    public async Task Two_nodes_send_each_mail_once()
    {
        const int mails = 30;
        await using var smtp = await FakeSmtpServer.StartAsync();
        DatabaseBlog[] nodes = [Open(smtp), Open(smtp)];
        for (var i = 0; i < mails; i++)
        {
            await AskAsync(nodes[0], VerificationPurpose.SignIn, AccountMailKind.SignIn);
        }

        var sending = await Task.WhenAll(nodes.Select(StartAsync));
        await NothingLeftAsync(nodes[0]);
        await Task.WhenAll(sending.Select(worker => worker.StopAsync(Cancel)));

        Assert.Equal(mails, smtp.Messages.Count);
        Assert.Equal(mails, smtp.Messages.Select(message => message.Mail.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task What_one_node_has_put_off_the_other_does_not_try_at_once()
    {
        const int mails = 30;
        await using var smtp = await FakeSmtpServer.StartAsync();
        smtp.On("RCPT", "451 4.7.1 Try again");
        DatabaseBlog[] nodes = [Open(smtp), Open(smtp)];
        for (var i = 0; i < mails; i++)
        {
            await AskAsync(nodes[0], VerificationPurpose.SignIn, AccountMailKind.SignIn);
        }

        var sending = await Task.WhenAll(nodes.Select(StartAsync));
        await Eventually.WaitUntilAsync(
            async () => (await DeliveriesAsync(nodes[0])).TrueForAll(mail => mail.LeaseUntil is null && mail.DueAt > mail.CreatedAt), "all mails were put off");
        await Task.WhenAll(sending.Select(worker => worker.StopAsync(Cancel)));

        Assert.All(await DeliveriesAsync(nodes[0]), mail => Assert.Equal(1, mail.Attempts));
    }

    [Fact]
    public async Task What_a_dead_node_had_in_hand_another_sends_when_its_lease_is_over()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        var node = Open(smtp);
        await AskAsync(node, VerificationPurpose.SignIn, AccountMailKind.SignIn);
        var dead = Guid.NewGuid();
        await LeaseAsync(TimeProvider.System.GetUtcNow().AddHours(1), delivery => delivery.LeaseOwner == null);

        var sending = await StartAsync(node);
        await AskAsync(node, VerificationPurpose.SignIn, AccountMailKind.SignIn);
        await smtp.WaitForMessagesAsync(1, Cancel);
        await Eventually.WaitUntilAsync(
            async () => (await DeliveriesAsync(node)).Count(delivery => !delivery.IsFinished) == 1, "the mail in hand alone was left");
        // Past by the clock of the test and by the database's own.
        await LeaseAsync(_clock.GetUtcNow().AddMinutes(-1), delivery => delivery.LeaseOwner == dead);
        await NothingLeftAsync(node);
        await sending.StopAsync(Cancel);

        Assert.Equal(2, smtp.Messages.Count);

        async Task LeaseAsync(DateTimeOffset until, Expression<Func<Delivery, bool>> which)
        {
            await using var db = node.OpenContext();
            await db.Deliveries.Where(which).ExecuteUpdateAsync(
                set => set.SetProperty(delivery => delivery.LeaseOwner, dead).SetProperty(delivery => delivery.LeaseUntil, until), Cancel);
        }
    }

    [Fact]
    public async Task The_words_of_a_mail_go_once_it_is_sent_and_the_ledger_forgets_it_after_a_month()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        var node = Open(smtp);
        var sending = await StartAsync(node);
        await AskAsync(node, VerificationPurpose.SignUp, AccountMailKind.SignUp);
        await NothingLeftAsync(node);
        await sending.StopAsync(Cancel);
        Assert.Empty(await MailsAsync(node));
        var sent = Assert.Single(await DeliveriesAsync(node));

        await AskAsync(node, VerificationPurpose.SignUp, AccountMailKind.SignUp);
        Assert.Contains(await DeliveriesAsync(node), delivery => delivery.Id == sent.Id);

        _clock.Advance(TimeSpan.FromDays(31));
        await AskAsync(node, VerificationPurpose.SignUp, AccountMailKind.SignUp);
        Assert.DoesNotContain(await DeliveriesAsync(node), delivery => delivery.Id == sent.Id);
    }

    [Fact]
    public async Task Everybody_is_written_to_in_their_own_language()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        var node = Open(smtp);
        await AskAsync(node, VerificationPurpose.ResetPassword, AccountMailKind.ResetPassword, mail => mail with { Culture = SiteCulture.Ko });

        var sending = await StartAsync(node);
        var korean = Assert.Single(await smtp.WaitForMessagesAsync(1, Cancel)).Mail;
        await AskAsync(node, VerificationPurpose.ResetPassword, AccountMailKind.ResetPassword);
        var english = (await smtp.WaitForMessagesAsync(2, Cancel))[1].Mail;
        await sending.StopAsync(Cancel);

        Assert.Contains("<html lang=\"ko\">", korean.Html, StringComparison.Ordinal);
        Assert.Equal(Subject(node, "ko"), korean.Subject);
        Assert.Contains("<html lang=\"en\">", english.Html, StringComparison.Ordinal);
        Assert.Equal("Choose a new password for BlazorBlog", english.Subject);
    }

    [Theory]
    [InlineData(VerificationPurpose.ResetPassword, AccountMailKind.ResetPassword, "account/reset/")]
    [InlineData(VerificationPurpose.ChangeEmail, AccountMailKind.ChangeEmail, "account/email/")]
    public async Task A_mail_with_a_link_shows_no_code(VerificationPurpose purpose, AccountMailKind kind, string path)
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        var node = Open(smtp);
        var id = await AskAsync(node, purpose, kind);
        var sending = await StartAsync(node);

        var mail = Assert.Single(await smtp.WaitForMessagesAsync(1, Cancel)).Mail;
        await sending.StopAsync(Cancel);

        var link = $"https://blog.example/{path}";
        Assert.Contains(link, mail.Text, StringComparison.Ordinal);
        Assert.Contains(link, mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(await CodeAsync(node, id), mail.Subject + mail.Text + mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_with_an_international_name_sends_account_mail()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        var node = Open(smtp, "https://블로그.한국");
        await AskAsync(node, VerificationPurpose.ResetPassword, AccountMailKind.ResetPassword);
        var sending = await StartAsync(node);

        var mail = Assert.Single(await smtp.WaitForMessagesAsync(1, Cancel)).Mail;
        await sending.StopAsync(Cancel);

        Assert.EndsWith("@xn--2i0b10rqve.xn--3e0b707e", mail.MessageId, StringComparison.Ordinal);
    }

    private static string Subject(DatabaseBlog node, string culture)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            return node.Get<IStringLocalizer<Texts>>()["Choose a new password for {0}", "BlazorBlog"];
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private DatabaseBlog Open(FakeSmtpServer smtp, params (string Key, string Value)[] settings) => Open(smtp, "https://blog.example", settings);

    private DatabaseBlog Open(FakeSmtpServer smtp, string site, params (string Key, string Value)[] settings) => OpenNode(_clock,
    [
        ("Site:BaseUrl", site),
        ("Email:Transport", "Smtp"),
        ("Email:Host", "127.0.0.1"),
        ("Email:Port", smtp.Port.ToString(CultureInfo.InvariantCulture)),
        .. settings.Length > 0 ? settings : [("Notifications:PollInterval", "00:00:00.1")],
    ]);

    private static async Task<IHostedService> StartAsync(DatabaseBlog node)
    {
        var dispatcher = node.Services.GetServices<IHostedService>().OfType<NotificationDispatcher>().Single();
        await dispatcher.StartAsync(Cancel);
        return dispatcher;
    }

    private static Task<Guid> AskAsync(DatabaseBlog node, VerificationPurpose purpose, AccountMailKind kind, Func<VerificationRequest, VerificationRequest>? change = null)
    {
        var ask = new VerificationRequest(purpose, "hana@example.com");
        return node.Get<EmailVerifications>().AskAsync(change?.Invoke(ask) ?? ask, kind, Cancel);
    }

    private static async Task<EmailVerification> ChallengeAsync(DatabaseBlog node, Guid id)
    {
        await using var db = node.OpenContext();
        return await db.EmailVerifications.AsNoTracking().SingleAsync(challenge => challenge.Id == id, Cancel);
    }

    private static async Task<string> CodeAsync(DatabaseBlog node, Guid id) => node.Get<EmailVerifications>().Code(await ChallengeAsync(node, id));

    private static async Task<List<Delivery>> DeliveriesAsync(DatabaseBlog node)
    {
        await using var db = node.OpenContext();
        return await db.Deliveries.AsNoTracking().ToListAsync(Cancel);
    }

    private static async Task<List<AccountMail>> MailsAsync(DatabaseBlog node)
    {
        await using var db = node.OpenContext();
        return await db.AccountMails.AsNoTracking().ToListAsync(Cancel);
    }

    private static Task NothingLeftAsync(DatabaseBlog node) =>
        Eventually.WaitUntilAsync(async () => (await DeliveriesAsync(node)).TrueForAll(delivery => delivery.IsFinished), "no mail was left");

    /// <summary>Everything in the rows of the one question and its one mail.</summary>
    private static async Task<string> RowTextAsync(DatabaseBlog node)
    {
        await using var db = node.OpenContext();
        var mail = db.Entry(await db.AccountMails.SingleAsync(Cancel));
        var delivery = db.Entry(await db.Deliveries.SingleAsync(Cancel));
        var challenge = db.Entry(await db.EmailVerifications.SingleAsync(Cancel));
        // Digits of times and ids mean nothing.
        return string.Join('\n', mail.Properties.Concat(delivery.Properties).Concat(challenge.Properties).Select(property => property.CurrentValue).OfType<string>());
    }
}

public sealed class SqliteAccountEmailTests(SqliteFiles files) : AccountEmailTests(files);

public sealed class PostgreSqlAccountEmailTests(PostgreSqlServer server) : AccountEmailTests(server);
