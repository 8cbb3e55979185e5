using System.Security.Claims;
using BlazorBlog.Accounts.SignIn;

namespace BlazorBlog.Accounts;

/// <summary>
/// Asked by every method of a service that changes what is not the caller's own. A page's principal is as old as the page, and a circuit's
/// as old as its socket, so the roles are read from the database each time.
/// </summary>
public sealed class AccessControl(SignInSessions sessions, AdminSettings settings)
{
    public async Task<bool> MayAsync(ClaimsPrincipal actor, string policy, CancellationToken cancellationToken) =>
        await FindAsync(actor, policy, cancellationToken) is not null;

    /// <returns>Who it is.</returns>
    /// <exception cref="AccessDeniedException">The actor may not, or not any more.</exception>
    public async Task<SignedInAccount> DemandAsync(ClaimsPrincipal actor, string policy, CancellationToken cancellationToken) =>
        await FindAsync(actor, policy, cancellationToken) ?? throw new AccessDeniedException(policy);

    /// <summary>The same for a principal that was read from the database in this request.</summary>
    internal bool AllowsFresh(ClaimsPrincipal principal, string policy) => Allows(policy, principal.RoleNames(), principal.Method());

    /// <summary>Whether the user's roles would allow it and only the second factor is missing.</summary>
    internal bool LacksSecondFactor(ClaimsPrincipal principal, string policy) =>
        !AllowsFresh(principal, policy) && Policies.Allows(policy, principal.RoleNames());

    private async Task<SignedInAccount?> FindAsync(ClaimsPrincipal actor, string policy, CancellationToken cancellationToken) =>
        await sessions.FindAsync(actor, cancellationToken) is { } account && Allows(policy, account.Roles, account.Method) ? account : null;

    private bool Allows(string policy, IEnumerable<string> roles, string? method)
    {
        var held = roles.ToList();
        if (settings.RequireTwoFactor && !SignInMethod.IsStrong(method))
        {
            // Without a second factor the administrator role does not count.
            held.Remove(Roles.Administrator);
        }

        return Policies.Allows(policy, held);
    }
}

/// <summary>The caller lacks the policy. Pages do not offer such actions: the request was made by hand, or a role was removed meanwhile.</summary>
public sealed class AccessDeniedException(string policy) : Exception($"Not allowed: {policy}.")
{
    public string Policy { get; } = policy;
}

/// <summary>The sign-in is too old for a change of how the person signs in. Pages then lead to signing in again.</summary>
public sealed class RecentSignInRequiredException() : Exception("The last sign-in is too long ago.");
