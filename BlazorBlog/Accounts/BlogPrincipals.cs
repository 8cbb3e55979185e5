using System.Security.Claims;
using BlazorBlog.Accounts.SignIns;
using Microsoft.AspNetCore.Identity;

namespace BlazorBlog.Accounts;

/// <summary>Makes the principal of an account: little, for it travels in a cookie with every request.</summary>
internal sealed class BlogPrincipals(UserManager<BlogUser> users) : IUserClaimsPrincipalFactory<BlogUser>
{
    public async Task<ClaimsPrincipal> CreateAsync(BlogUser user) =>
        Make(user.Id, user.DisplayName, user.AvatarId, user.SecurityStamp ?? "", await users.GetRolesAsync(user));

    /// <summary>The principal of a request, with what may have changed since the cookie was written.</summary>
    public static ClaimsPrincipal Make(SignedInAccount account, string stamp)
    {
        var principal = Make(account.UserId, account.DisplayName, account.AvatarId, stamp, account.Roles);
        principal.Identities.First().AddClaims([new(BlogUsers.SessionClaim, account.SessionId.ToString("N")), new(BlogUsers.MethodClaim, account.Method)]);
        return principal;
    }

    private static ClaimsPrincipal Make(Guid userId, string name, Guid? avatarId, string stamp, IEnumerable<string> roles)
    {
        var identity = new ClaimsIdentity(IdentityConstants.ApplicationScheme, ClaimTypes.Name, ClaimTypes.Role);
        // As Identity writes it: the two are compared when a sign-in is renewed.
        identity.AddClaim(new(ClaimTypes.NameIdentifier, userId.ToString()));
        identity.AddClaim(new(ClaimTypes.Name, name));
        identity.AddClaim(new(BlogUsers.StampClaim, stamp));
        if (avatarId is { } avatar)
        {
            identity.AddClaim(new(BlogUsers.AvatarClaim, avatar.ToString("N")));
        }

        identity.AddClaims(roles.Select(role => new Claim(ClaimTypes.Role, role)));
        return new ClaimsPrincipal(identity);
    }
}
