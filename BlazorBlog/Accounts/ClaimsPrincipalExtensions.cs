using System.Security.Claims;

namespace BlazorBlog.Accounts;

/// <summary>What is in a sign-in's principal, by name.</summary>
public static class ClaimsPrincipalExtensions
{
    internal const string SessionClaim = "blog:session";

    internal const string StampClaim = "blog:stamp";

    internal const string AvatarClaim = "blog:avatar";

    /// <summary>RFC 8176.</summary>
    internal const string MethodClaim = "amr";

    /// <summary>Wrong second factors lock for minutes; a longer lock was set by an administrator.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    public static Guid? UserId(this ClaimsPrincipal principal) => Id(principal, ClaimTypes.NameIdentifier);

    public static Guid? SessionId(this ClaimsPrincipal principal) => Id(principal, SessionClaim);

    public static string? SecurityStamp(this ClaimsPrincipal principal) => principal.FindFirstValue(StampClaim);

    public static string DisplayName(this ClaimsPrincipal principal) => principal.FindFirstValue(ClaimTypes.Name) ?? "";

    public static Guid? AvatarId(this ClaimsPrincipal principal) => Id(principal, AvatarClaim);

    public static IEnumerable<string> RoleNames(this ClaimsPrincipal principal) => principal.FindAll(ClaimTypes.Role).Select(claim => claim.Value);

    public static string? Method(this ClaimsPrincipal principal) => principal.FindFirstValue(MethodClaim);

    /// <summary>Whether an account is locked by a person, and not by wrong codes.</summary>
    public static bool IsBanned(DateTimeOffset? lockoutEnd, DateTimeOffset now) => lockoutEnd > now + LongestPause;

    private static Guid? Id(ClaimsPrincipal principal, string type) => Guid.TryParse(principal.FindFirstValue(type), out var id) ? id : null;
}
