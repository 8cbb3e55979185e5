using System.Security.Claims;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Accounts.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace BlazorBlog.Accounts.External;

/// <summary>What a provider said about the person at this browser, between the way back from it and the end of the form that follows.</summary>
public sealed class ExternalSignIns(UserManager<BlogUser> users, BlogSignInManager signIns, TimeProvider time)
{
    /// <returns>Null when the request has no sign-in from a provider, or an expired one.</returns>
    public async Task<ExternalLogin?> ReadAsync()
    {
        if (await signIns.GetExternalLoginInfoAsync() is not { } info)
        {
            return null;
        }

        var person = info.Principal;
        var email = person.FindFirstValue(ClaimTypes.Email);
        return new ExternalLogin(
            info,
            info.ProviderDisplayName ?? info.LoginProvider,
            PersonName.Clean(person.FindFirstValue(ClaimTypes.Name) ?? ""),
            email is not null && EmailAddress.IsPublic(email) ? email : null,
            email is not null && EmailAddress.IsPublic(email) && person.HasClaim(ExternalSetup.EmailVerified, "true"));
    }

    /// <summary>Whether the provider's account is linked to this account of ours.</summary>
    public async Task<bool> IsOfAsync(ExternalLogin login, Guid userId) =>
        (await users.FindByLoginAsync(login.Info.LoginProvider, login.Info.ProviderKey))?.Id == userId;

    /// <summary>Signs in the user to whom the provider's account is linked.</summary>
    public async Task<SignInOutcome> SignInAsync(ExternalLogin login)
    {
        if (await users.FindByLoginAsync(login.Info.LoginProvider, login.Info.ProviderKey) is not { } user)
        {
            return SignInOutcome.Refused;
        }

        var outcome = await signIns.ExternalAsync(user, login.Info.LoginProvider);
        if (outcome == SignInOutcome.Done)
        {
            await ForgetAsync();
        }

        return outcome;
    }

    /// <summary>Makes the account of an address that the provider has confirmed, and signs in.</summary>
    /// <returns>False when the address has an account: that its owner is the same person must be proved in its mailbox.</returns>
    public async Task<bool> CreateAsync(ExternalLogin login, string name)
    {
        if (!login.EmailVerified || await users.FindByEmailAsync(login.Email!) is not null)
        {
            return false;
        }

        var user = new BlogUser { DisplayName = PersonName.Clean(name), Email = login.Email, EmailConfirmed = true, CreatedAt = time.GetUtcNow() };
        if (!(await users.CreateAsync(user)).Succeeded || !(await users.AddLoginAsync(user, login.Info)).Succeeded)
        {
            return false;
        }

        await ForgetAsync();
        return await signIns.ExternalAsync(user, login.Info.LoginProvider) == SignInOutcome.Done;
    }

    public Task ForgetAsync() => signIns.Context.SignOutAsync(IdentityConstants.ExternalScheme);
}

/// <param name="Info">The provider's name and its id of the person.</param>
/// <param name="Provider">What people call it.</param>
/// <param name="Name">As they are called there.</param>
/// <param name="Email">Their address there, when it is one that can be used.</param>
/// <param name="EmailVerified">The provider has asked the mailbox.</param>
public sealed record ExternalLogin(UserLoginInfo Info, string Provider, string Name, string? Email, bool EmailVerified);
