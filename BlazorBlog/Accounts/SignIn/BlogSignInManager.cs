using System.Net;
using System.Security.Claims;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Comments;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>Signs people in and out. It writes cookies, so it is for requests alone and never for a circuit.</summary>
public sealed class BlogSignInManager(
    UserManager<BlogUser> users,
    IHttpContextAccessor accessor,
    IUserClaimsPrincipalFactory<BlogUser> principals,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<BlogUser>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<BlogUser> confirmation,
    GuestLinking claims,
    GuestCookie guest,
    SignInSessions sessions,
    PasswordFailures failures,
    TimeProvider time) : SignInManager<BlogUser>(users, accessor, principals, options, logger, schemes, confirmation)
{
    /// <summary>Checked where there is no account, so that an answer takes as long as with one.</summary>
    private static readonly Lazy<string> NobodysHash = new(() => new PasswordHasher<BlogUser>(Microsoft.Extensions.Options.Options.Create<PasswordHasherOptions>(Hashing!)).HashPassword(null!, Guid.NewGuid().ToString()));

    /// <summary>More than an app shows while one of its codes is good: an earlier one must not open again after a later one.</summary>
    private const int CodesRemembered = 10;

    /// <summary>OWASP's Password Storage Cheat Sheet, for PBKDF2 with HMAC-SHA512.</summary>
    public static PasswordHasherOptions Hashing { get; } = new() { IterationCount = 210_000 };

    /// <summary>Set while the cookie of a sign-in is written anew, which proves nothing about the person.</summary>
    private bool _isRenewal;

    /// <summary>
    /// One answer for a wrong address, a wrong password and too many of them: the answer must not reveal which it was. Wrong codes of the second
    /// step are counted elsewhere: who knows the password must not be able to lock its owner out of this one.
    /// </summary>
    public async Task<SignInOutcome> PasswordAsync(string email, string password, bool remember)
    {
        var user = await UserManager.FindByEmailAsync(email);
        // SQL Server finds an account by other spellings too, such as full-width letters; a count for each would be no limit.
        var counted = user?.NormalizedEmail ?? UserManager.NormalizeEmail(email);
        if (!failures.TryBegin(counted, Network) || user is not { PasswordHash: not null } || IsBanned(user))
        {
            UserManager.PasswordHasher.VerifyHashedPassword(null!, NobodysHash.Value, password);
            return SignInOutcome.Refused;
        }

        if (!await UserManager.CheckPasswordAsync(user, password) || !await CanSignInAsync(user))
        {
            return SignInOutcome.Refused;
        }

        failures.Clear(counted, Network);
        return From(await SignInOrTwoFactorAsync(user, remember));
    }

    /// <summary>For a user who has proved to read the account's mailbox. A lockout by wrong passwords does not apply.</summary>
    public async Task<SignInOutcome> MailboxAsync(BlogUser user)
    {
        if (IsBanned(user))
        {
            return SignInOutcome.Refused;
        }

        failures.Clear(user.NormalizedEmail, Network);
        if (await IsTwoFactorEnabledAsync(user))
        {
            return From(await SignInOrTwoFactorAsync(user, isPersistent: true));
        }

        await SignInWithClaimsAsync(user, isPersistent: true, [new Claim(ClaimsPrincipalExtensions.MethodClaim, SignInMethod.MailedCode)]);
        return SignInOutcome.Done;
    }

    /// <summary>The second step: a code of the authenticator app, or a recovery code. Each opens once; wrong ones lock this step for a while.</summary>
    public async Task<SignInOutcome> SecondFactorAsync(string typed, bool remember)
    {
        if (await GetTwoFactorAuthenticationUserAsync() is not { } user || await UserManager.IsLockedOutAsync(user))
        {
            return SignInOutcome.Refused;
        }

        if (await TakeCodeAsync(user, typed))
        {
            await UserManager.ResetAccessFailedCountAsync(user);
            await Context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
            await SignInWithClaimsAsync(user, remember, [new Claim(ClaimsPrincipalExtensions.MethodClaim, SignInMethod.TwoFactor)]);
            return SignInOutcome.Done;
        }

        await UserManager.AccessFailedAsync(user);
        return SignInOutcome.Refused;
    }

    /// <summary>Takes a code of the authenticator app that was not used before, or a recovery code, which is gone afterwards.</summary>
    public async Task<bool> TakeCodeAsync(BlogUser user, string typed)
    {
        var digits = string.Concat(typed.Where(char.IsAsciiDigit));
        if (digits.Length == 6 && typed.All(c => char.IsAsciiDigit(c) || c is ' ' or '-'))
        {
            string[] used = user.LastTwoFactorCodes?.Split(' ') ?? [];
            if (used.Contains(digits) || !await UserManager.VerifyTwoFactorTokenAsync(user, Options.Tokens.AuthenticatorTokenProvider, digits))
            {
                return false;
            }

            // Of two requests with one code, the row's concurrency stamp accepts one.
            user.LastTwoFactorCodes = string.Join(' ', used.Append(digits).TakeLast(CodesRemembered));
            return (await UserManager.UpdateAsync(user)).Succeeded;
        }

        return (await UserManager.RedeemTwoFactorRecoveryCodeAsync(user, typed.Trim().ToUpperInvariant())).Succeeded;
    }

    /// <param name="credential">What the browser's authenticator answered, as JSON.</param>
    public async Task<SignInOutcome> PasskeyAsync(string credential)
    {
        var assertion = await PerformPasskeyAssertionAsync(credential);
        if (!assertion.Succeeded || IsBanned(assertion.User))
        {
            return SignInOutcome.Refused;
        }

        await UserManager.AddOrUpdatePasskeyAsync(assertion.User, assertion.Passkey);
        await SignInWithClaimsAsync(assertion.User, isPersistent: true, [new Claim(ClaimsPrincipalExtensions.MethodClaim, SignInMethod.Passkey)]);
        return SignInOutcome.Done;
    }

    /// <inheritdoc />
    public override async Task<PasskeyAssertionResult<BlogUser>> PerformPasskeyAssertionAsync(string credentialJson)
    {
        try
        {
            return await base.PerformPasskeyAssertionAsync(credentialJson);
        }
        catch (Exception exception) when (IsUnasked(exception))
        {
            return PasskeyAssertionResult.Fail<BlogUser>(new PasskeyException("Nobody asked for it.", exception));
        }
    }

    /// <inheritdoc />
    public override async Task<PasskeyAttestationResult> PerformPasskeyAttestationAsync(string credentialJson)
    {
        try
        {
            return await base.PerformPasskeyAttestationAsync(credentialJson);
        }
        catch (Exception exception) when (IsUnasked(exception))
        {
            return PasskeyAttestationResult.Fail(new PasskeyException("Nobody asked for it.", exception));
        }
    }

    /// <param name="user">Known by its name at the provider.</param>
    /// <param name="provider">Name of the provider.</param>
    public async Task<SignInOutcome> ExternalAsync(BlogUser user, string provider) => IsBanned(user)
        ? SignInOutcome.Refused
        : From(await SignInOrTwoFactorAsync(user, isPersistent: true, provider));

    /// <inheritdoc />
    public override async Task SignInWithClaimsAsync(BlogUser user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        await base.SignInWithClaimsAsync(user, authenticationProperties, additionalClaims);
        if (!_isRenewal && Context.User.UserId() == user.Id && Context.User.SessionId() is { } sessionId)
        {
            await sessions.ProveAsync(sessionId, Context.RequestAborted);
        }

        await claims.ClaimAsync(user, guest.Read(Context.Request), Context.RequestAborted);
    }

    /// <inheritdoc />
    public override async Task RefreshSignInAsync(BlogUser user)
    {
        _isRenewal = true;
        await base.RefreshSignInAsync(user);
        _isRenewal = false;
    }

    /// <summary>Whether the request has passed the first factor and waits for the second.</summary>
    public async Task<bool> IsHalfwayAsync() => await GetTwoFactorAuthenticationUserAsync() is not null;

    /// <summary>The base throws at an empty answer, and at one whose question was too long ago: a person at a slow prompt, not a fault.</summary>
    private static bool IsUnasked(Exception exception) => exception is ArgumentException or InvalidOperationException;

    private IPAddress? Network => Context.Connection.RemoteIpAddress;

    private bool IsBanned(BlogUser user) => ClaimsPrincipalExtensions.IsBanned(user.LockoutEnd, time.GetUtcNow());

    private static SignInOutcome From(SignInResult result) =>
        result.Succeeded ? SignInOutcome.Done : result.RequiresTwoFactor ? SignInOutcome.NeedsSecondFactor : SignInOutcome.Refused;
}

public enum SignInOutcome
{
    Refused,
    NeedsSecondFactor,
    Done,
}
