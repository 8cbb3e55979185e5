using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using BlazorBlog.Data;
using BlazorBlog.Data.Providers;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>Where people are signed in. Every request and every action in a live page asks here, so an ended sign-in ends at once, on every node.</summary>
public sealed partial class SignInSessions(IDbContextFactory<BlogDbContext> contexts, WriteGate gate, TimeProvider time, ILogger<SignInSessions> logger)
{
    /// <summary>A sign-in that is not used for this long ends.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>For so long a sign-in is enough to change how one signs in; then the person is asked to sign in again.</summary>
    public static readonly TimeSpan RecentFor = TimeSpan.FromMinutes(15);

    /// <summary>Its last use is written down no more often.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(10);

    /// <returns>The id for the cookie.</returns>
    public async Task<Guid> StartAsync(Guid userId, string method, string? userAgent, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var session = new SignInSession
        {
            UserId = userId,
            Browser = BrowserName.Describe(userAgent),
            Method = method,
            CreatedAt = now,
            LastSeenAt = now,
        };
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // In one statement: two sign-ins at once must not both insist on having deleted the same row.
        var over = now - Lifetime;
        await db.SignInSessions.Where(old => old.UserId == userId && old.LastSeenAt < over).ExecuteDeleteAsync(cancellationToken);
        db.SignInSessions.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        return session.Id;
    }

    /// <summary>The account behind a cookie or a circuit, as it stands now.</summary>
    /// <returns>Null when the sign-in has ended: signed out, password changed, account gone or locked out by an administrator.</returns>
    public async Task<SignedInAccount?> FindAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        if (principal.SessionId() is not { } sessionId || principal.UserId() is not { } userId)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var row = await (
            from session in db.SignInSessions.AsNoTracking()
            join user in db.Users on session.UserId equals user.Id
            where session.Id == sessionId && session.UserId == userId
            select new
            {
                session.CreatedAt,
                session.LastSeenAt,
                session.Method,
                user.SecurityStamp,
                user.DisplayName,
                user.AvatarId,
                user.LockoutEnd,
                Roles = db.UserRoles.Where(role => role.UserId == user.Id).Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role.Name!).ToList(),
            }).SingleOrDefaultAsync(cancellationToken);
        return row is not null && row.LastSeenAt > now - Lifetime && IsSame(row.SecurityStamp, principal.SecurityStamp()) && !ClaimsPrincipalExtensions.IsBanned(row.LockoutEnd, now)
            ? new SignedInAccount(sessionId, userId, row.DisplayName, row.AvatarId, row.Method, [.. row.Roles.Order(StringComparer.Ordinal)], row.LastSeenAt)
            {
                IsRecent = row.CreatedAt > now - RecentFor,
            }
            : null;
    }

    /// <summary>The row of a principal of this request, whose stamp may have changed just now.</summary>
    internal async Task<SignInSession?> FindSessionAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        if (principal.SessionId() is not { } sessionId || principal.UserId() is not { } userId)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.SignInSessions.AsNoTracking().SingleOrDefaultAsync(session => session.Id == sessionId && session.UserId == userId, cancellationToken);
    }

    /// <summary>Writes down that it is used, now and then.</summary>
    public async Task SeeAsync(SignedInAccount account, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - account.LastSeenAt < SeenEvery)
        {
            return;
        }

        try
        {
            using var turn = await gate.EnterAsync(cancellationToken);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.SignInSessions.Where(session => session.Id == account.SessionId)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.LastSeenAt, now), cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsOutage(exception))
        {
            // Who is signed in may still read while nothing can be written.
            LogUnseen(exception);
        }
    }

    /// <returns>Those that can still be used, the latest first.</returns>
    public async Task<IReadOnlyList<SignInSession>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var since = time.GetUtcNow() - Lifetime;
        return await db.SignInSessions.AsNoTracking().Where(session => session.UserId == userId && session.LastSeenAt > since)
            .OrderByDescending(session => session.LastSeenAt).ToListAsync(cancellationToken);
    }

    /// <summary>Ends one sign-in of a person.</summary>
    public Task EndAsync(Guid userId, Guid sessionId, CancellationToken cancellationToken) =>
        EndAsync(session => session.Where(s => s.UserId == userId && s.Id == sessionId), cancellationToken);

    /// <summary>Ends all sign-ins of a person, except one.</summary>
    public Task EndOthersAsync(Guid userId, Guid? except, CancellationToken cancellationToken) =>
        EndAsync(session => session.Where(s => s.UserId == userId && s.Id != except), cancellationToken);

    /// <summary>A second factor was shown after the first.</summary>
    public async Task StrengthenAsync(Guid sessionId, string method, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.SignInSessions.Where(session => session.Id == sessionId)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.Method, method), cancellationToken);
    }

    /// <summary>The person has signed in again.</summary>
    public async Task ProveAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.SignInSessions.Where(session => session.Id == sessionId)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.CreatedAt, now), cancellationToken);
    }

    private async Task EndAsync(Func<IQueryable<SignInSession>, IQueryable<SignInSession>> which, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await which(db.SignInSessions).ExecuteDeleteAsync(cancellationToken);
    }

    private static bool IsSame(string? one, string? other) =>
        one is not null && other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    [LoggerMessage(LogLevel.Warning, "That somebody was here could not be written down")]
    private partial void LogUnseen(Exception exception);
}

/// <summary>A signed-in user, as the database has them now.</summary>
/// <param name="SessionId">See <see cref="SignInSession"/>.</param>
/// <param name="UserId">The account.</param>
/// <param name="DisplayName">As others see it.</param>
/// <param name="AvatarId">Their picture, or null.</param>
/// <param name="Method">How they signed in, see <see cref="SignInMethod"/>.</param>
/// <param name="Roles">In order of their names.</param>
/// <param name="LastSeenAt">UTC, as last written down.</param>
public sealed record SignedInAccount(
    Guid SessionId, Guid UserId, string DisplayName, Guid? AvatarId, string Method, IReadOnlyList<string> Roles, DateTimeOffset LastSeenAt)
{
    /// <summary>They have proved who they are within <see cref="SignInSessions.RecentFor"/>.</summary>
    public bool IsRecent { get; init; }
}
