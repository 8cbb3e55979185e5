using BlazorBlog.Accounts.SignIn;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace BlazorBlog.Threads;

/// <summary>
/// Who is signed in at a circuit. A circuit is as old as its socket, so the sign-in is looked at again while it lasts: after a sign-out
/// elsewhere, a changed password or a deleted account the page forgets who it was made for.
/// </summary>
internal sealed class CircuitIdentity(ILoggerFactory loggers, SignInSessions sessions) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        await sessions.FindAsync(authenticationState.User, cancellationToken) is not null;
}
