using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BlazorBlog.Data;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Recipients;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts.Mail;

/// <summary>Asks mailboxes, and takes their answers: each once, in time, and for the purpose it was asked for.</summary>
public sealed class EmailVerifications(
    IDbContextFactory<BlogDbContext> contexts, WriteGate gate, IDataProtectionProvider protection, IPasswordHasher<BlogUser> hasher, TimeProvider time)
{
    /// <summary>How long an answer is waited for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly IDataProtector _codes = protection.CreateProtector("BlazorBlog.Account.Code.v1");

    /// <summary>Writes the challenge and, when there is one to send, its mail, in one save.</summary>
    /// <param name="ask">What is asked.</param>
    /// <param name="mail">Kind of the mail; null when the address is none of ours and gets none.</param>
    /// <param name="cancellationToken">Stops the save.</param>
    public async Task<Guid> AskAsync(VerificationRequest ask, AccountMailKind? mail, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var challenge = new EmailVerification
        {
            Purpose = ask.Purpose,
            Email = ask.Email,
            UserId = ask.UserId,
            DisplayName = ask.DisplayName,
            PasswordHash = ask.PasswordHash,
            Code = _codes.Protect(RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture)),
            LoginProvider = ask.Login?.LoginProvider,
            LoginKey = ask.Login?.ProviderKey,
            ReturnUrl = ask.ReturnUrl,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.EmailVerifications.Where(old => old.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await AccountMail.PurgeAsync(db, now, cancellationToken);
        db.EmailVerifications.Add(challenge);
        if (mail is { } kind)
        {
            var account = new AccountMail
            {
                Kind = kind,
                Email = ask.Mailbox ?? ask.Email,
                Name = ask.MailName,
                Culture = ask.Culture,
                VerificationId = challenge.Id,
            };
            account.AddTo(db, ask.UserId is { } user ? RecipientKey.OfUser(user) : RecipientKey.OfEmail(EmailAddress.Normalize(ask.Email)), now);
        }

        await db.SaveChangesAsync(cancellationToken);
        return challenge.Id;
    }

    /// <returns>Null when it was answered, or is too old, or for something else.</returns>
    public async Task<EmailVerification?> FindAsync(Guid id, VerificationPurpose? purpose, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Open(db).AsNoTracking().SingleOrDefaultAsync(challenge => challenge.Id == id && (purpose == null || challenge.Purpose == purpose), cancellationToken);
    }

    /// <returns>By id, those that can still be answered.</returns>
    internal async Task<Dictionary<Guid, EmailVerification>> FindAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var wanted = ids.ToList();
        return await Open(db).AsNoTracking().Where(challenge => wanted.Contains(challenge.Id)).ToDictionaryAsync(challenge => challenge.Id, cancellationToken);
    }

    /// <summary>The challenge of a link.</summary>
    /// <returns>Null as by <see cref="ReadToken"/>, and when it was answered, or is too old.</returns>
    public async Task<EmailVerification?> FindAsync(VerificationPurpose purpose, string token, CancellationToken cancellationToken) =>
        ReadToken(purpose, token) is { } id ? await FindAsync(id, purpose, cancellationToken) : null;

    /// <summary>Answers with the code. A wrong one counts before it is looked at, so that trying many at once gains nothing.</summary>
    /// <returns>The challenge if the code is right, and this was its first right answer.</returns>
    public async Task<EmailVerification?> AnswerAsync(Guid id, string code, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, purpose: null, cancellationToken) is not { Purpose: VerificationPurpose.SignUp or VerificationPurpose.SignIn } challenge
            || !await CountAsync(id, cancellationToken))
        {
            return null;
        }

        var digits = string.Concat(code.Where(char.IsAsciiDigit));
        var isRight = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Code(challenge)), Encoding.UTF8.GetBytes(digits));
        return isRight && await TakeAsync(id, cancellationToken) ? challenge : null;
    }

    /// <summary>Whether a password is the one chosen in the form that began it. Counts as a wrong code does.</summary>
    public async Task<bool> TryPasswordAsync(EmailVerification challenge, string password, CancellationToken cancellationToken) =>
        challenge.PasswordHash is { } hash
        && await CountAsync(challenge.Id, cancellationToken)
        && hasher.VerifyHashedPassword(null!, hash, password) != PasswordVerificationResult.Failed;

    /// <summary>Marks it as answered.</summary>
    /// <returns>False when it was answered before.</returns>
    public async Task<bool> TakeAsync(Guid id, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        return await Open(db).Where(challenge => challenge.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(challenge => challenge.UsedAt, now), cancellationToken) == 1;
    }

    /// <summary>For the link in a mail; opens one challenge, for one purpose.</summary>
    public string Token(EmailVerification challenge) =>
        WebEncoders.Base64UrlEncode(Links(challenge.Purpose).Protect(challenge.Id.ToByteArray()));

    /// <returns>Null for a token that was not made here, or for something else.</returns>
    public Guid? ReadToken(VerificationPurpose purpose, string token)
    {
        try
        {
            return new Guid(Links(purpose).Unprotect(WebEncoders.Base64UrlDecode(token)));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    internal string Code(EmailVerification challenge) => _codes.Unprotect(challenge.Code);

    /// <summary>Those that can still be answered.</summary>
    private IQueryable<EmailVerification> Open(BlogDbContext db)
    {
        var now = time.GetUtcNow();
        return db.EmailVerifications.Where(challenge => challenge.UsedAt == null && challenge.ExpiresAt > now);
    }

    private async Task<bool> CountAsync(Guid id, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.EmailVerifications.Where(challenge => challenge.Id == id && challenge.Attempts < EmailVerification.MaxAttempts)
            .ExecuteUpdateAsync(set => set.SetProperty(challenge => challenge.Attempts, challenge => challenge.Attempts + 1), cancellationToken) == 1;
    }

    private IDataProtector Links(VerificationPurpose purpose) => protection.CreateProtector($"BlazorBlog.Account.{purpose}.v1");
}

/// <param name="Purpose">What the answer will prove.</param>
/// <param name="Email">The mailbox, as it was typed: pages show it, and must not show how an account spells it.</param>
public sealed record VerificationRequest(VerificationPurpose Purpose, string Email)
{
    public Guid? UserId { get; init; }

    /// <summary>Where the mail goes, when an account spells its address otherwise.</summary>
    public string? Mailbox { get; init; }

    public string? DisplayName { get; init; }

    public string? PasswordHash { get; init; }

    public UserLoginInfo? Login { get; init; }

    public string? ReturnUrl { get; init; }

    /// <summary>How the mail addresses its reader.</summary>
    public string? MailName { get; init; }

    public SiteCulture? Culture { get; init; }
}
