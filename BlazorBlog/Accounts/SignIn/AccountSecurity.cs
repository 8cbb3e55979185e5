using System.Security.Claims;
using BlazorBlog.Accounts.Mail;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Components;
using BlazorBlog.Data;
using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>
/// How a person signs in. Every change takes the password, a code or a recent sign-in (else <see cref="RecentSignInRequiredException"/>), ends the
/// person's other sign-ins and is told by mail. For requests alone: it renews the cookie.
/// </summary>
public sealed class AccountSecurity(
    UserManager<BlogUser> users,
    BlogSignInManager signIns,
    SignInSessions sessions,
    AccessControl access,
    PasswordFailures failures,
    UnitOfWork work,
    EmailVerifications challenges,
    AccountNotifier notices,
    RegistrationService signUps,
    AdminSettings admin,
    SiteSettings site,
    IStringLocalizer<Texts> texts)
{
    /// <summary>Recovery codes made at once.</summary>
    public const int RecoveryCodes = 10;

    /// <summary>Under which Identity's store keeps the secret of the app and the recovery codes.</summary>
    private const string IdentityStore = "[AspNetUserStore]";

    private const int MostPasskeys = 20;

    /// <summary>In characters.</summary>
    public const int MaxPasskeyNameLength = 60;

    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<SecurityView> ReadAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        var (account, user) = await FindAsync(actor, cancellationToken);
        return new SecurityView(
            user.Email ?? "",
            await users.HasPasswordAsync(user),
            user.TwoFactorEnabled,
            user.TwoFactorEnabled ? await users.CountRecoveryCodesAsync(user) : 0,
            admin.RequireTwoFactor && account.Roles.Contains(Roles.Administrator),
            [.. (await users.GetPasskeysAsync(user)).OrderBy(passkey => passkey.CreatedAt)],
            [.. await users.GetLoginsAsync(user)],
            await sessions.ListAsync(user.Id, cancellationToken),
            account.SessionId,
            account.IsRecent);
    }

    /// <summary>Changes the password, or gives the account its first one.</summary>
    /// <returns>One message per field that is wrong; empty when it is changed.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<Dictionary<string, string>> ChangePasswordAsync(ClaimsPrincipal actor, string current, string next, CancellationToken cancellationToken)
    {
        var (account, user) = await FindAsync(actor, cancellationToken);
        var errors = new Dictionary<string, string>();
        if (await WrongPasswordAsync(account, user, current) is { } wrong)
        {
            errors["Current"] = wrong;
        }

        if (PasswordRules.Weakness(next, [user.Email ?? "", user.DisplayName]) is { } weakness)
        {
            errors["Password"] = weakness.Explain(texts);
        }

        if (errors.Count == 0)
        {
            await SetPasswordAsync(user, next);
            await TellAsync(user, AccountChange.Password, cancellationToken);
        }

        return errors;
    }

    /// <summary>Chooses another password with the link of a mail. All sessions are signed out, and a lockout ends.</summary>
    /// <returns>False when the link was used before, or is too old.</returns>
    public async Task<bool> ResetPasswordAsync(EmailVerification challenge, string next, CancellationToken cancellationToken)
    {
        if (challenge is not { Purpose: VerificationPurpose.ResetPassword, UserId: { } id }
            || !await challenges.TakeAsync(challenge.Id, cancellationToken)
            || await users.FindByIdAsync(id.ToString()) is not { } user)
        {
            return false;
        }

        await SetPasswordAsync(user, next);
        failures.Clear(user.NormalizedEmail, signIns.Context.Connection.RemoteIpAddress);
        await sessions.EndOthersAsync(user.Id, except: null, cancellationToken);
        await notices.TellAsync(user, AccountChange.Password, cancellationToken);
        return true;
    }

    /// <summary>What is wrong with a password chosen by a link, or null.</summary>
    public async Task<string?> CheckResetAsync(EmailVerification challenge, string next) =>
        challenge.UserId is { } id && await users.FindByIdAsync(id.ToString()) is { } user
            && PasswordRules.Weakness(next, [user.Email ?? "", user.DisplayName]) is { } weakness
            ? weakness.Explain(texts)
            : null;

    /// <summary>Asks the new mailbox; until it answers, the old address stays.</summary>
    /// <returns>One message per field that is wrong; empty when the mail is on its way.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<Dictionary<string, string>> AskNewEmailAsync(ClaimsPrincipal actor, string email, string password, CancellationToken cancellationToken)
    {
        var (account, user) = await FindAsync(actor, cancellationToken);
        var errors = new Dictionary<string, string>();
        signUps.CheckEmail(email, errors);
        if (await WrongPasswordAsync(account, user, password) is { } wrong)
        {
            errors["OwnPassword"] = wrong;
        }

        if (errors.Count == 0)
        {
            // The page does not reveal whether another account has the address; only the mailbox learns it.
            var isTaken = await users.FindByEmailAsync(email.Trim()) is not null;
            await challenges.AskAsync(
                new VerificationRequest(VerificationPurpose.ChangeEmail, email.Trim()) { UserId = user.Id, MailName = user.DisplayName, Culture = user.Culture },
                isTaken ? null : AccountMailKind.ChangeEmail,
                cancellationToken);
        }

        return errors;
    }

    /// <summary>Takes the address whose mailbox has answered.</summary>
    /// <returns>False when the link is not for this account, was used before, or the address has another account by now.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<bool> UseNewEmailAsync(ClaimsPrincipal actor, EmailVerification challenge, CancellationToken cancellationToken)
    {
        var (_, user) = await FindAsync(actor, cancellationToken);
        if (challenge.Purpose != VerificationPurpose.ChangeEmail || challenge.UserId != user.Id || !await challenges.TakeAsync(challenge.Id, cancellationToken))
        {
            return false;
        }

        var old = user.Email;
        user.Email = challenge.Email;
        user.EmailConfirmed = true;
        if (!(await users.UpdateSecurityStampAsync(user)).Succeeded)
        {
            return false;
        }

        await TellAsync(user, AccountChange.Email, cancellationToken, old);
        return true;
    }

    /// <summary>Begins two-factor sign-in: the secret for an authenticator app. The same one until it is confirmed.</summary>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<AuthenticatorSetup> BeginTwoFactorAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        var user = await FindRecentAsync(actor, cancellationToken);
        if (await users.GetAuthenticatorKeyAsync(user) is null)
        {
            await AddAuthenticatorKeyAsync(user, cancellationToken);
        }

        var key = await users.GetAuthenticatorKeyAsync(user) ?? throw new AccessDeniedException(Policies.SignedIn);
        return AuthenticatorSetup.Make(key, user.Email ?? user.DisplayName, site.Title);
    }

    /// <summary>Turns two-factor sign-in on with a first code of the app.</summary>
    /// <returns>The recovery codes, shown this once; null when the code is wrong.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<IReadOnlyList<string>?> EnableTwoFactorAsync(ClaimsPrincipal actor, string code, CancellationToken cancellationToken)
    {
        var (account, user) = await FindAsync(actor, cancellationToken);
        DemandRecent(account);
        if (user.TwoFactorEnabled || await users.IsLockedOutAsync(user) || !code.Any(char.IsAsciiDigit) || !await signIns.TakeCodeAsync(user, code))
        {
            return null;
        }

        await users.SetTwoFactorEnabledAsync(user, true);
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes);
        // Both factors were just shown.
        await sessions.StrengthenAsync(account.SessionId, SignInMethod.TwoFactor, cancellationToken);
        await TellAsync(user, AccountChange.TwoFactorOn, cancellationToken);
        return [.. codes!];
    }

    /// <returns>Null when it is off, else what is wrong.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<string?> DisableTwoFactorAsync(ClaimsPrincipal actor, string code, CancellationToken cancellationToken)
    {
        var (account, user) = await FindAsync(actor, cancellationToken);
        if (admin.RequireTwoFactor && account.Roles.Contains(Roles.Administrator))
        {
            return texts["Administrators of this blog sign in with two-step verification."];
        }

        if (await WrongCodeAsync(user, code) is { } wrong)
        {
            return wrong;
        }

        await users.SetTwoFactorEnabledAsync(user, false);
        await users.RemoveAuthenticationTokenAsync(user, IdentityStore, "AuthenticatorKey");
        await users.RemoveAuthenticationTokenAsync(user, IdentityStore, "RecoveryCodes");
        await TellAsync(user, AccountChange.TwoFactorOff, cancellationToken);
        return null;
    }

    /// <returns>New codes in the place of all earlier ones, or what is wrong.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<(IReadOnlyList<string>? Codes, string? Wrong)> NewRecoveryCodesAsync(ClaimsPrincipal actor, string code, CancellationToken cancellationToken)
    {
        var (_, user) = await FindAsync(actor, cancellationToken);
        if (await WrongCodeAsync(user, code) is { } wrong)
        {
            return (null, wrong);
        }

        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes);
        await TellAsync(user, AccountChange.RecoveryCodes, cancellationToken);
        return ([.. codes!], null);
    }

    /// <returns>Options for the browser's <c>navigator.credentials.create</c>, as JSON.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<string> BeginPasskeyAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        var user = await FindRecentAsync(actor, cancellationToken);
        return await signIns.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id.ToString(), Name = user.Email ?? user.DisplayName, DisplayName = user.DisplayName });
    }

    /// <param name="actor">Whose.</param>
    /// <param name="credential">What the browser's authenticator answered, as JSON.</param>
    /// <param name="name">What the person calls it.</param>
    /// <param name="cancellationToken">Stops before the save.</param>
    /// <returns>Null when it is added, else what is wrong.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<string?> AddPasskeyAsync(ClaimsPrincipal actor, string credential, string name, CancellationToken cancellationToken)
    {
        var user = await FindRecentAsync(actor, cancellationToken);
        if ((await users.GetPasskeysAsync(user)).Count >= MostPasskeys)
        {
            return texts["These are many passkeys already. Remove one you do not use."];
        }

        var attestation = await signIns.PerformPasskeyAttestationAsync(credential);
        // Made for another account: the browser changed hands in between.
        if (!attestation.Succeeded || attestation.UserEntity.Id != user.Id.ToString())
        {
            return texts["The passkey could not be added. Please try again."];
        }

        var clean = PersonName.Clean(name);
        attestation.Passkey.Name = TypedText.IsSeen(clean) && clean.Length <= MaxPasskeyNameLength ? clean : texts["Passkey"];
        await users.AddOrUpdatePasskeyAsync(user, attestation.Passkey);
        await TellAsync(user, AccountChange.PasskeyAdded, cancellationToken);
        return null;
    }

    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task RemovePasskeyAsync(ClaimsPrincipal actor, byte[] credentialId, CancellationToken cancellationToken)
    {
        var user = await FindRecentAsync(actor, cancellationToken);
        if (await users.GetPasskeyAsync(user, credentialId) is not null)
        {
            await users.RemovePasskeyAsync(user, credentialId);
            await users.UpdateSecurityStampAsync(user);
            await TellAsync(user, AccountChange.PasskeyRemoved, cancellationToken);
        }
    }

    /// <summary>Lets the person sign in at a provider from now on.</summary>
    /// <returns>Null when it is added, else what is wrong.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<string?> AddLoginAsync(ClaimsPrincipal actor, UserLoginInfo login, CancellationToken cancellationToken)
    {
        var user = await FindRecentAsync(actor, cancellationToken);
        if (await users.FindByLoginAsync(login.LoginProvider, login.ProviderKey) is { } owner)
        {
            return owner.Id == user.Id ? null : texts["This {0} account signs in somebody else here.", login.ProviderDisplayName ?? login.LoginProvider].Value;
        }

        await users.AddLoginAsync(user, login);
        await TellAsync(user, AccountChange.ExternalAdded, cancellationToken);
        return null;
    }

    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task RemoveLoginAsync(ClaimsPrincipal actor, string provider, string key, CancellationToken cancellationToken)
    {
        var user = await FindRecentAsync(actor, cancellationToken);
        if ((await users.GetLoginsAsync(user)).Any(login => login.LoginProvider == provider && login.ProviderKey == key))
        {
            await users.RemoveLoginAsync(user, provider, key);
            await TellAsync(user, AccountChange.ExternalRemoved, cancellationToken);
        }
    }

    /// <summary>Asks once more whether it is the person, before something that cannot be taken back.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="proof">The password; of an account without one, its address, beside a recent sign-in.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <returns>What is wrong, or null.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<string?> CheckOwnerAsync(ClaimsPrincipal actor, string proof, CancellationToken cancellationToken)
    {
        var (account, user) = await FindAsync(actor, cancellationToken);
        if (await WrongPasswordAsync(account, user, proof) is { } wrong)
        {
            return wrong;
        }

        return await users.HasPasswordAsync(user) || EmailAddress.Normalize(proof) == EmailAddress.Normalize(user.Email ?? "")
            ? null
            : texts["This is not your address."].Value;
    }

    /// <summary>Ends one of the person's sign-ins.</summary>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task EndSessionAsync(ClaimsPrincipal actor, Guid sessionId, CancellationToken cancellationToken)
    {
        var account = await access.DemandAsync(actor, Policies.SignedIn, cancellationToken);
        await sessions.EndAsync(account.UserId, sessionId, cancellationToken);
    }

    /// <summary>Ends all sign-ins of the person, this one too.</summary>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task EndAllSessionsAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        var (_, user) = await FindAsync(actor, cancellationToken);
        await users.UpdateSecurityStampAsync(user);
        await sessions.EndOthersAsync(user.Id, except: null, cancellationToken);
        await signIns.SignOutAsync();
    }

    private async Task<(SignedInAccount Account, BlogUser User)> FindAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        var account = await access.DemandAsync(actor, Policies.SignedIn, cancellationToken);
        return (account, await users.FindByIdAsync(account.UserId.ToString()) ?? throw new AccessDeniedException(Policies.SignedIn));
    }

    private async Task<BlogUser> FindRecentAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        var (account, user) = await FindAsync(actor, cancellationToken);
        DemandRecent(account);
        return user;
    }

    /// <exception cref="RecentSignInRequiredException">Whoever found a browser left open must not make themselves a way in.</exception>
    private static void DemandRecent(SignedInAccount account)
    {
        if (!account.IsRecent)
        {
            throw new RecentSignInRequiredException();
        }
    }

    /// <summary>Of two first visits at once the one that writes decides, and both show its key.</summary>
    private async Task AddAuthenticatorKeyAsync(BlogUser user, CancellationToken cancellationToken)
    {
        try
        {
            // Not by ResetAuthenticatorKeyAsync: it would sign out all sessions, and nothing about signing in has changed yet.
            await work.RunAsync(async db =>
            {
                if (await db.FindAsync<IdentityUserToken<Guid>>([user.Id, IdentityStore, "AuthenticatorKey"], cancellationToken) is null)
                {
                    var key = users.GenerateNewAuthenticatorKey();
                    db.Add(new IdentityUserToken<Guid> { UserId = user.Id, LoginProvider = IdentityStore, Name = "AuthenticatorKey", Value = key });
                }
            }, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another node was first.
        }
    }

    /// <returns>What is wrong, or null; an account without a password needs a recent sign-in in its place.</returns>
    /// <exception cref="RecentSignInRequiredException">It is too long ago.</exception>
    private async Task<string?> WrongPasswordAsync(SignedInAccount account, BlogUser user, string password)
    {
        if (await users.HasPasswordAsync(user))
        {
            return await IsPasswordAsync(user, password) ? null : texts["This is not your password."].Value;
        }

        DemandRecent(account);
        return null;
    }

    /// <summary>Wrong passwords are counted, so that the password cannot be guessed in a browser left open; apart from those of the sign-in page.</summary>
    private async Task<bool> IsPasswordAsync(BlogUser user, string password)
    {
        var key = user.Id.ToString();
        if (!failures.TryBegin(key, network: null) || !await users.CheckPasswordAsync(user, password))
        {
            return false;
        }

        failures.Clear(key, network: null);
        return true;
    }

    private async Task<string?> WrongCodeAsync(BlogUser user, string code)
    {
        if (user.TwoFactorEnabled && !await users.IsLockedOutAsync(user) && await signIns.TakeCodeAsync(user, code))
        {
            return null;
        }

        await users.AccessFailedAsync(user);
        return texts["This code is wrong, or was used before."];
    }

    private async Task SetPasswordAsync(BlogUser user, string password)
    {
        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        await users.UpdateSecurityStampAsync(user);
    }

    private async Task TellAsync(BlogUser user, AccountChange change, CancellationToken cancellationToken, string? address = null)
    {
        await signIns.RefreshSignInAsync(user);
        await sessions.EndOthersAsync(user.Id, signIns.Context.User.SessionId(), cancellationToken);
        await notices.TellAsync(user, change, cancellationToken, address);
    }
}

/// <summary>How a person signs in.</summary>
/// <param name="Email">What the person signs in with.</param>
/// <param name="HasPassword">Else by code, passkey or provider alone.</param>
/// <param name="TwoFactor">On.</param>
/// <param name="RecoveryCodesLeft">Unused ones.</param>
/// <param name="TwoFactorForced">It cannot be turned off.</param>
/// <param name="Passkeys">Oldest first.</param>
/// <param name="Logins">At providers.</param>
/// <param name="Sessions">Where the person is signed in, the latest first.</param>
/// <param name="ThisSession">The one that asks.</param>
/// <param name="IsRecent">Changes are possible without signing in again.</param>
public sealed record SecurityView(
    string Email,
    bool HasPassword,
    bool TwoFactor,
    int RecoveryCodesLeft,
    bool TwoFactorForced,
    IReadOnlyList<UserPasskeyInfo> Passkeys,
    IReadOnlyList<UserLoginInfo> Logins,
    IReadOnlyList<SignInSession> Sessions,
    Guid ThisSession,
    bool IsRecent);
