using BlazorBlog.Accounts.Mail;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>
/// Proves mailboxes: to make an account, to sign in without a password, to choose a new one. Known and unknown addresses get the same
/// answers in the same time; the difference is in the mail alone.
/// </summary>
public sealed class RegistrationService(UserManager<BlogUser> users, EmailVerifications challenges, IStringLocalizer<Texts> texts, TimeProvider time)
{
    /// <summary>What is wrong with the form, one message per field; empty when nothing is.</summary>
    public Dictionary<string, string> Check(string name, string email, string password)
    {
        var errors = new Dictionary<string, string>();
        CheckName(name, errors);
        CheckEmail(email, errors);
        if (PasswordRules.Weakness(password, [email.Trim(), name.Trim()]) is { } weakness)
        {
            errors["Password"] = weakness.Explain(texts);
        }

        return errors;
    }

    public void CheckName(string name, Dictionary<string, string> errors)
    {
        if (PersonName.Problem(PersonName.Clean(name), texts) is { } problem)
        {
            errors["Name"] = problem;
        }
    }

    public void CheckEmail(string email, Dictionary<string, string> errors)
    {
        if (!EmailAddress.IsPublic(email))
        {
            errors["Email"] = texts["Enter an address like name@example.com."];
        }
    }

    /// <summary>Begins a new account; an address that has one is offered to sign in instead, in its mailbox.</summary>
    /// <returns>The challenge for the browser's cookie.</returns>
    public async Task<Guid> AskToSignUpAsync(string name, string email, string password, string? returnUrl, CancellationToken cancellationToken)
    {
        var (known, request) = await PrepareAsync(VerificationPurpose.SignUp, email, name, returnUrl);
        // Hashed for a known address as well: it is what takes the time.
        var hash = users.PasswordHasher.HashPassword(known!, password);
        return await challenges.AskAsync(request with { PasswordHash = known is null ? hash : null }, KindOf(request), cancellationToken);
    }

    /// <summary>Begins a new account for a user of a provider, with an address that the provider does not vouch for.</summary>
    /// <returns>The challenge for the browser's cookie.</returns>
    public async Task<Guid> AskToConnectAsync(string name, string email, UserLoginInfo login, string? returnUrl, CancellationToken cancellationToken)
    {
        var (_, request) = await PrepareAsync(VerificationPurpose.SignUp, email, name, returnUrl);
        return await challenges.AskAsync(request with { Login = login }, KindOf(request), cancellationToken);
    }

    /// <summary>Mails a code to sign in, if the address has an account.</summary>
    /// <returns>The challenge for the browser's cookie.</returns>
    public Task<Guid> AskToSignInAsync(string email, string? returnUrl, CancellationToken cancellationToken) =>
        AskKnownAsync(VerificationPurpose.SignIn, email, returnUrl, cancellationToken);

    /// <summary>Mails a link to choose another password, if the address has an account.</summary>
    public Task<Guid> AskToResetAsync(string email, CancellationToken cancellationToken) =>
        AskKnownAsync(VerificationPurpose.ResetPassword, email, null, cancellationToken);

    /// <summary>The same question with a new code; the earlier one is void.</summary>
    /// <returns>The challenge for the browser's cookie.</returns>
    public async Task<Guid> AskAgainAsync(EmailVerification challenge, CancellationToken cancellationToken)
    {
        await challenges.TakeAsync(challenge.Id, cancellationToken);
        var (known, request) = await PrepareAsync(challenge.Purpose, challenge.Email, challenge.DisplayName, challenge.ReturnUrl);
        return await challenges.AskAsync(
            request with { PasswordHash = known is null ? challenge.PasswordHash : null, Login = challenge.Login }, KindOf(request), cancellationToken);
    }

    /// <summary>Makes the account of an answered challenge; the one it is about, when it is there already.</summary>
    /// <returns>Null when there is none: the answer was to a question about an unknown address.</returns>
    public async Task<BlogUser?> AccountOfAsync(EmailVerification answered)
    {
        var user = answered.UserId is { } id ? await users.FindByIdAsync(id.ToString()) : await CreateAsync(answered);
        if (user is not null && answered.Login is { } login && await users.FindByLoginAsync(login.LoginProvider, login.ProviderKey) is null)
        {
            await users.AddLoginAsync(user, login);
        }

        return user;
    }

    private async Task<BlogUser?> CreateAsync(EmailVerification answered)
    {
        if (answered is not { Purpose: VerificationPurpose.SignUp, DisplayName: { } name })
        {
            return null;
        }

        var user = new BlogUser
        {
            DisplayName = name,
            Email = answered.Email,
            EmailConfirmed = true,
            PasswordHash = answered.PasswordHash,
            CreatedAt = time.GetUtcNow(),
        };
        // Fails when two challenges for one address were answered; both came from the mailbox's owner, so the existing account is returned.
        return (await users.CreateAsync(user)).Succeeded ? user : await users.FindByEmailAsync(answered.Email);
    }

    private async Task<Guid> AskKnownAsync(VerificationPurpose purpose, string email, string? returnUrl, CancellationToken cancellationToken)
    {
        var (_, request) = await PrepareAsync(purpose, email, null, returnUrl);
        return await challenges.AskAsync(request, KindOf(request), cancellationToken);
    }

    /// <summary>What is asked of a mailbox, with whom it belongs to here.</summary>
    private async Task<(BlogUser? Known, VerificationRequest Request)> PrepareAsync(VerificationPurpose purpose, string email, string? name, string? returnUrl)
    {
        var known = await users.FindByEmailAsync(email.Trim());
        var cleanName = name is null ? null : PersonName.Clean(name);
        return (known, new VerificationRequest(purpose, email.Trim())
        {
            UserId = known?.Id,
            Mailbox = known?.Email,
            DisplayName = known is null ? cleanName : null,
            ReturnUrl = LocalUrl.IsLocal(returnUrl) && returnUrl.Length <= EmailVerification.MaxReturnUrlLength ? returnUrl : null,
            MailName = known?.DisplayName ?? cleanName,
            Culture = known?.Culture,
        });
    }

    /// <returns>Null when the address is none of ours, and gets no mail.</returns>
    private static AccountMailKind? KindOf(VerificationRequest request) => (request.Purpose, request.UserId) switch
    {
        (VerificationPurpose.SignUp, null) => AccountMailKind.SignUp,
        (VerificationPurpose.SignUp, _) => AccountMailKind.AlreadyKnown,
        (_, null) => null,
        (VerificationPurpose.ResetPassword, _) => AccountMailKind.ResetPassword,
        _ => AccountMailKind.SignIn,
    };
}
