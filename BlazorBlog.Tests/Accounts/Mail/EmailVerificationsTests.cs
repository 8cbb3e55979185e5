using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Accounts.Mail;

public abstract class EmailVerificationsTests(IDatabaseServer server) : DatabaseTests(server)
{
    private readonly FakeClock _clock = FakeClock.Standing();
    private DatabaseBlog? _node;

    private DatabaseBlog Node => _node ??= OpenNode(_clock);

    private EmailVerifications Challenges => Node.Get<EmailVerifications>();

    [Fact]
    public async Task The_right_code_opens_once()
    {
        var (id, code) = await AskAsync();

        var answered = await Challenges.AnswerAsync(id, $" {code[..3]} {code[3..]} ", Cancel);

        Assert.Equal("hana@example.com", answered?.Email);
        Assert.Null(await Challenges.AnswerAsync(id, code, Cancel));
        Assert.Null(await Challenges.FindAsync(id, VerificationPurpose.SignUp, Cancel));
    }

    [Fact]
    public async Task A_wrong_code_is_counted_and_the_right_one_still_opens()
    {
        var (id, code) = await AskAsync();

        Assert.Null(await Challenges.AnswerAsync(id, Wrong(code), Cancel));
        Assert.Null(await Challenges.AnswerAsync(id, "", Cancel));

        Assert.Equal(2, (await RowAsync(id)).Attempts);
        Assert.NotNull(await Challenges.AnswerAsync(id, code, Cancel));
    }

    [Fact]
    public async Task Five_wrong_codes_end_it_for_the_right_one_as_well()
    {
        var (id, code) = await AskAsync();
        for (var i = 0; i < EmailVerification.MaxAttempts; i++)
        {
            Assert.Null(await Challenges.AnswerAsync(id, Wrong(code), Cancel));
        }

        Assert.Null(await Challenges.AnswerAsync(id, code, Cancel));
        Assert.Equal(EmailVerification.MaxAttempts, (await RowAsync(id)).Attempts);
    }

    [Fact]
    public async Task Guesses_sent_all_at_once_gain_no_more_tries()
    {
        var (id, code) = await AskAsync();
        DatabaseBlog[] nodes = [Node, OpenNode(_clock)];

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => nodes[i % 2].Get<EmailVerifications>().AnswerAsync(id, Wrong(code), Cancel), Cancel)));

        Assert.Equal(EmailVerification.MaxAttempts, (await RowAsync(id)).Attempts);
    }

    [Fact]
    public async Task Of_right_answers_given_at_once_one_opens()
    {
        DatabaseBlog[] nodes = [Node, OpenNode(_clock)];
        for (var round = 0; round < 5; round++)
        {
            var (id, code) = await AskAsync();

            var answers = await Task.WhenAll(Enumerable.Range(0, EmailVerification.MaxAttempts).Select(
                i => Task.Run(() => nodes[i % 2].Get<EmailVerifications>().AnswerAsync(id, code, Cancel), Cancel)));

            Assert.Single(answers, answer => answer is not null);
        }
    }

    [Fact]
    public async Task Half_an_hour_later_it_is_too_late()
    {
        var (id, code) = await AskAsync();

        _clock.Advance(EmailVerifications.Lifetime - TimeSpan.FromSeconds(1));
        Assert.NotNull(await Challenges.FindAsync(id, VerificationPurpose.SignUp, Cancel));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await Challenges.FindAsync(id, VerificationPurpose.SignUp, Cancel));
        Assert.Null(await Challenges.AnswerAsync(id, code, Cancel));
        Assert.False(await Challenges.TakeAsync(id, Cancel));
    }

    [Fact]
    public async Task What_is_too_old_goes_with_the_next_question()
    {
        await AskAsync();
        _clock.Advance(EmailVerifications.Lifetime + TimeSpan.FromSeconds(1));

        var (next, _) = await AskAsync();

        await using var db = Node.OpenContext();
        Assert.Equal(next, (await db.EmailVerifications.AsNoTracking().SingleAsync(Cancel)).Id);
    }

    [Theory]
    [InlineData(VerificationPurpose.SignUp, true)]
    [InlineData(VerificationPurpose.SignIn, true)]
    [InlineData(VerificationPurpose.ResetPassword, false)]
    [InlineData(VerificationPurpose.ChangeEmail, false)]
    public async Task A_code_is_for_signing_in_and_up_and_a_question_for_its_own_purpose(VerificationPurpose purpose, bool takesCode)
    {
        var (id, code) = await AskAsync(purpose);

        foreach (var other in Enum.GetValues<VerificationPurpose>())
        {
            Assert.Equal(other == purpose, await Challenges.FindAsync(id, other, Cancel) is not null);
        }

        Assert.Equal(takesCode, await Challenges.AnswerAsync(id, code, Cancel) is not null);
    }

    [Fact]
    public async Task A_link_is_read_for_its_own_purpose_alone_and_by_every_node()
    {
        var other = OpenNode(_clock).Get<EmailVerifications>();
        foreach (var purpose in Enum.GetValues<VerificationPurpose>())
        {
            var (id, _) = await AskAsync(purpose);
            var token = Challenges.Token(await RowAsync(id));

            Assert.All(Enum.GetValues<VerificationPurpose>(), read => Assert.Equal(read == purpose ? id : null, other.ReadToken(read, token)));
        }
    }

    [Fact]
    public async Task A_link_that_was_changed_leads_nowhere()
    {
        var (id, _) = await AskAsync();
        var token = Challenges.Token(await RowAsync(id));
        // The last letter may hold bits that mean nothing.
        var changed = Enumerable.Range(0, token.Length - 1).Select(i => $"{token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}");

        Assert.All([.. changed, token[..^4], token + "AAAA", "", "A", "/../", id.ToString("N")], link => Assert.Null(Challenges.ReadToken(VerificationPurpose.SignUp, link)));
        Assert.Equal(id, Challenges.ReadToken(VerificationPurpose.SignUp, token));
    }

    [Fact]
    public async Task Only_the_password_of_the_form_is_taken_for_it_and_wrong_ones_count()
    {
        var id = await UseAsync(signUps => signUps.AskToSignUpAsync("Hana", "hana@example.com", "correct horse", null, Cancel));
        var challenge = await RowAsync(id);

        Assert.False(await Challenges.TryPasswordAsync(challenge, "wrong horse!", Cancel));
        Assert.True(await Challenges.TryPasswordAsync(challenge, "correct horse", Cancel));
        for (var i = 2; i < EmailVerification.MaxAttempts; i++)
        {
            Assert.False(await Challenges.TryPasswordAsync(challenge, "wrong horse!", Cancel));
        }

        Assert.False(await Challenges.TryPasswordAsync(challenge, "correct horse", Cancel));
    }

    [Theory]
    [InlineData(VerificationPurpose.SignIn)]
    [InlineData(VerificationPurpose.ResetPassword)]
    public async Task An_unknown_address_gets_no_mail_and_no_answer_makes_an_account_of_it(VerificationPurpose purpose)
    {
        var id = await UseAsync(signUps => purpose == VerificationPurpose.SignIn
            ? signUps.AskToSignInAsync("nobody@example.com", "/", Cancel)
            : signUps.AskToResetAsync("nobody@example.com", Cancel));

        var challenge = await RowAsync(id);
        Assert.Equal((purpose, "nobody@example.com", null), (challenge.Purpose, challenge.Email, challenge.UserId));
        Assert.Null(await UseAsync(signUps => signUps.AccountOfAsync(challenge)));
        await using var db = Node.OpenContext();
        Assert.Empty(await db.AccountMails.AsNoTracking().ToListAsync(Cancel));
        Assert.Empty(await db.Users.AsNoTracking().ToListAsync(Cancel));
    }

    [Fact]
    public async Task An_account_is_made_by_the_answer_and_two_forms_of_one_mailbox_make_one()
    {
        var first = await UseAsync(signUps => signUps.AskToSignUpAsync(" Hana ", "hana@example.com", "correct horse", "/posts/one", Cancel));
        var second = await UseAsync(signUps => signUps.AskToSignUpAsync("Somebody", "Hana@Example.com", "another horse", null, Cancel));
        await using var db = Node.OpenContext();
        Assert.Empty(await db.Users.AsNoTracking().ToListAsync(Cancel));

        var made = await UseAsync(async signUps => await signUps.AccountOfAsync(await RowAsync(first)));
        var again = await UseAsync(async signUps => await signUps.AccountOfAsync(await RowAsync(second)));

        var user = await db.Users.AsNoTracking().SingleAsync(Cancel);
        Assert.Equal((user.Id, user.Id), (made?.Id, again?.Id));
        Assert.Equal(("Hana", "hana@example.com", true, _clock.GetUtcNow()), (user.DisplayName, user.Email, user.EmailConfirmed, user.CreatedAt));
        Assert.Equal("/posts/one", (await RowAsync(first)).ReturnUrl);
        Assert.Equal(Roles.IdOf(Roles.Reader), (await db.UserRoles.AsNoTracking().SingleAsync(Cancel)).RoleId);
    }

    [Fact]
    public async Task Signing_up_with_a_known_address_is_told_to_its_mailbox_alone()
    {
        var user = await TestPeople.AddAsync(Node.Services, Roles.Reader);

        var typed = user.Email!.ToUpperInvariant();

        var id = await UseAsync(signUps => signUps.AskToSignUpAsync("Stranger", typed, "correct horse", "//evil.example", Cancel));

        var challenge = await RowAsync(id);
        Assert.Equal((user.Id, typed, null, null, null), (challenge.UserId, challenge.Email, challenge.DisplayName, challenge.PasswordHash, challenge.ReturnUrl));
        await using var db = Node.OpenContext();
        var mail = await db.AccountMails.AsNoTracking().SingleAsync(Cancel);
        Assert.Equal((AccountMailKind.AlreadyKnown, user.Email, user.DisplayName), (mail.Kind, mail.Email, mail.Name));
    }

    [Fact]
    public async Task Asking_again_makes_another_code_and_the_first_opens_nothing()
    {
        var first = await UseAsync(signUps => signUps.AskToSignUpAsync("Hana", "hana@example.com", "correct horse", null, Cancel));
        var code = Challenges.Code(await RowAsync(first));

        var second = await UseAsync(async signUps => await signUps.AskAgainAsync(await RowAsync(first), Cancel));

        Assert.Null(await Challenges.AnswerAsync(first, code, Cancel));
        var answered = await Challenges.AnswerAsync(second, Challenges.Code(await RowAsync(second)), Cancel);
        Assert.Equal("Hana", answered?.DisplayName);
        Assert.NotNull(answered?.PasswordHash);
    }

    [Fact]
    public async Task A_question_whose_mail_cannot_be_saved_is_not_asked_either()
    {
        var tooLong = new string('x', BlogUser.MaxNameLength + 1);
        var ask = new VerificationRequest(VerificationPurpose.SignIn, "hana@example.com") { MailName = tooLong };

        await Assert.ThrowsAsync<DbUpdateException>(() => Challenges.AskAsync(ask, AccountMailKind.SignIn, Cancel));

        await using var db = Node.OpenContext();
        Assert.Empty(await db.EmailVerifications.AsNoTracking().ToListAsync(Cancel));
        Assert.Empty(await db.AccountMails.AsNoTracking().ToListAsync(Cancel));
    }

    private static string Wrong(string code) => code == "000000" ? "000001" : "000000";

    private async Task<(Guid Id, string Code)> AskAsync(VerificationPurpose purpose = VerificationPurpose.SignUp)
    {
        var id = await Challenges.AskAsync(new VerificationRequest(purpose, "hana@example.com"), AccountMailKind.SignUp, Cancel);
        return (id, Challenges.Code(await RowAsync(id)));
    }

    private async Task<EmailVerification> RowAsync(Guid id)
    {
        await using var db = Node.OpenContext();
        return await db.EmailVerifications.AsNoTracking().SingleAsync(challenge => challenge.Id == id, Cancel);
    }

    private async Task<T> UseAsync<T>(Func<RegistrationService, Task<T>> use)
    {
        await using var scope = Node.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<RegistrationService>());
    }
}

public sealed class SqliteEmailVerificationsTests(SqliteFiles files) : EmailVerificationsTests(files);

public sealed class PostgreSqlEmailVerificationsTests(PostgreSqlServer server) : EmailVerificationsTests(server);
