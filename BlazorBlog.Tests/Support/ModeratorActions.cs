using System.Runtime.CompilerServices;
using System.Security.Claims;
using BlazorBlog.Accounts;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Support;

/// <summary>What a moderator does on a node, signed in there.</summary>
internal sealed class ModeratorActions(ThreadModeration moderation, ClaimsPrincipal moderator)
{
    private static readonly ConditionalWeakTable<IServiceProvider, Task<ClaimsPrincipal>> Moderators = [];

    public static async Task<ModeratorActions> OfAsync(IServiceProvider services) => new(
        services.GetRequiredService<ThreadModeration>(),
        await Moderators.GetValue(services, created => TestPeople.SignInAsync(created, Roles.Moderator)));

    public Task<bool> ApproveAsync(Guid commentId, CancellationToken cancellationToken) => moderation.ApproveAsync(moderator, commentId, cancellationToken);

    public Task<bool> HideAsync(Guid commentId, CancellationToken cancellationToken) => moderation.HideAsync(moderator, commentId, cancellationToken);

    public Task<bool> MarkAsSpamAsync(Guid commentId, CancellationToken cancellationToken) => moderation.MarkAsSpamAsync(moderator, commentId, cancellationToken);

    public Task<bool> HoldAsync(Guid commentId, CancellationToken cancellationToken) => moderation.HoldAsync(moderator, commentId, cancellationToken);

    public Task<bool> RemoveAsync(Guid commentId, CancellationToken cancellationToken) => moderation.RemoveAsync(moderator, commentId, cancellationToken);
}

/// <summary>Accounts for tests of services: with a sign-in in the database, as a browser's cookie would name it.</summary>
internal static class TestPeople
{
    /// <summary>Makes an account of a role and signs it in, with a second factor.</summary>
    public static async Task<ClaimsPrincipal> SignInAsync(IServiceProvider services, string role) => await SignInAsync(services, await AddAsync(services, role));

    /// <summary>Signs an account in, with a second factor.</summary>
    public static async Task<ClaimsPrincipal> SignInAsync(IServiceProvider services, BlogUser user, string? userAgent = null) => Principal(
        user,
        await services.GetRequiredService<SignInSessions>().StartAsync(user.Id, SignInMethod.TwoFactor, userAgent, CancellationToken.None));

    /// <summary>An account as Identity would have made it.</summary>
    public static async Task<BlogUser> AddAsync(IServiceProvider services, string role, Action<BlogUser>? change = null)
    {
        var email = $"{role.ToLowerInvariant()}-{Guid.NewGuid():N}@example.com";
        var user = new BlogUser { DisplayName = role, Email = email, EmailConfirmed = true };
        change?.Invoke(user);
        user.NormalizedEmail = user.Email?.ToUpperInvariant();
        using var turn = await services.GetRequiredService<WriteGate>().EnterAsync(CancellationToken.None);
        await using var db = await services.GetRequiredService<IDbContextFactory<BlogDbContext>>().CreateDbContextAsync();
        db.Users.Add(user);
        foreach (var held in new[] { Roles.Reader, role }.Distinct())
        {
            db.UserRoles.Add(new() { UserId = user.Id, RoleId = Roles.IdOf(held) });
        }

        await db.SaveChangesAsync();
        return user;
    }

    /// <summary>What the cookie of a sign-in says.</summary>
    public static ClaimsPrincipal Principal(BlogUser user, Guid session) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, user.Id.ToString("N")),
            new(ClaimTypes.Name, user.DisplayName),
            new(ClaimsPrincipalExtensions.SessionClaim, session.ToString("N")),
            new(ClaimsPrincipalExtensions.StampClaim, user.SecurityStamp!),
        ],
        "test"));
}
