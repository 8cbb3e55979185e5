using System.Security.Claims;
using BlazorBlog.Accounts.SignIn;
using Microsoft.AspNetCore.Identity;

namespace BlazorBlog.Accounts;

/// <summary>Makes the principal of an account: little, for it travels in a cookie with every request.</summary>
internal sealed class BlogClaimsFactory(UserManager<BlogUser> users) : IUserClaimsPrincipalFactory<BlogUser>
{
    public async Task<ClaimsPrincipal> CreateAsync(BlogUser user) =>
        Make(user.Id, user.DisplayName, user.AvatarId, user.SecurityStamp ?? "", await users.GetRolesAsync(user));

    /// <summary>The principal of a request, with what may have changed since the cookie was written.</summary>
    public static ClaimsPrincipal Make(SignedInAccount account, string stamp)
    {
        var principal = Make(account.UserId, account.DisplayName, account.AvatarId, stamp, account.Roles);
        principal.Identities.First().AddClaims([new(ClaimsPrincipalExtensions.SessionClaim, account.SessionId.ToString("N")), new(ClaimsPrincipalExtensions.MethodClaim, account.Method)]);
        return principal;
    }

    private static ClaimsPrincipal Make(Guid userId, string name, Guid? avatarId, string stamp, IEnumerable<string> roles)
    {
        var identity = new ClaimsIdentity(IdentityConstants.ApplicationScheme, ClaimTypes.Name, ClaimTypes.Role);
        // Spelled as Identity spells it: it renews a cookie only where both are the same to the letter.
        identity.AddClaim(new(ClaimTypes.NameIdentifier, userId.ToString()));
        identity.AddClaim(new(ClaimTypes.Name, name));
        identity.AddClaim(new(ClaimsPrincipalExtensions.StampClaim, stamp));
        if (avatarId is { } avatar)
        {
            identity.AddClaim(new(ClaimsPrincipalExtensions.AvatarClaim, avatar.ToString("N")));
        }

        identity.AddClaims(roles.Select(role => new Claim(ClaimTypes.Role, role)));
        return new ClaimsPrincipal(identity);
    }
}
