namespace BlazorBlog.Accounts.SignIns;

/// <summary>Somebody who is signed in, as the database knows them at this moment.</summary>
/// <param name="SessionId">See <see cref="SignInSession"/>.</param>
/// <param name="UserId">The account.</param>
/// <param name="DisplayName">As others see it.</param>
/// <param name="AvatarId">Their picture, or null.</param>
/// <param name="Method">How they signed in, see <see cref="SignInMethod"/>.</param>
/// <param name="Roles">In order of their names.</param>
/// <param name="LastSeenAt">UTC, as last written down.</param>
public sealed record SignedInAccount(
    Guid SessionId, Guid UserId, string DisplayName, Guid? AvatarId, string Method, IReadOnlyList<string> Roles, DateTimeOffset LastSeenAt);
