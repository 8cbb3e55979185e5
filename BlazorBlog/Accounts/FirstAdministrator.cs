using System.Data;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Data;
using BlazorBlog.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts;

/// <summary>
/// Makes the first administrator: from the settings, or through the log of a fresh blog. Does nothing once there is one.
/// </summary>
public sealed partial class FirstAdministrator(
    IDbContextFactory<BlogDbContext> contexts,
    UnitOfWork work,
    IDataProtectionProvider protection,
    IPasswordHasher<BlogUser> hasher,
    AdminSettings settings,
    TimeProvider time,
    ILogger<FirstAdministrator> logger)
{
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromDays(1);

    private readonly ITimeLimitedDataProtector _links = protection.CreateProtector("BlazorBlog.Setup.v1").ToTimeLimitedDataProtector();

    /// <summary>At start: makes the administrator of the settings.</summary>
    /// <returns>Where somebody can become it, for <see cref="Announce"/>; null when there is one.</returns>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (!await IsMissingAsync(cancellationToken))
        {
            return null;
        }

        if (settings is { Email: { } email, Password: { } password })
        {
            if (await CreateAsync(email[..email.IndexOf('@', StringComparison.Ordinal)], email, password, cancellationToken) is not null)
            {
                LogCreated();
            }

            return null;
        }

        return $"/account/setup/{_links.Protect(Guid.NewGuid().ToString("N"), LinkLifetime)}";
    }

    public void Announce(Uri link) => LogLink(link);

    public async Task<bool> IsMissingAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return !await Administrators.AnyAsync(db, cancellationToken);
    }

    /// <summary>Whether a link is the one that was logged, and still good for something.</summary>
    public async Task<bool> IsOpenAsync(string token, CancellationToken cancellationToken) =>
        _links.TryUnprotect(token) is not null && await IsMissingAsync(cancellationToken);

    /// <summary>Two who try at once are one after the other in the database, and the second finds that there is one.</summary>
    /// <returns>Null when there is an administrator already.</returns>
    public async Task<BlogUser?> CreateAsync(string name, string email, string password, CancellationToken cancellationToken)
    {
        try
        {
            return await work.RunAsync(db => AddAsync(db, name, email.Trim(), password, cancellationToken), cancellationToken, IsolationLevel.Serializable);
        }
        catch (Exception exception) when (exception is DbUpdateException or InvalidOperationException or System.Data.Common.DbException)
        {
            // Another node was quicker.
            if (await IsMissingAsync(cancellationToken))
            {
                throw;
            }

            return null;
        }
    }

    private async Task<BlogUser?> AddAsync(BlogDbContext db, string name, string email, string password, CancellationToken cancellationToken)
    {
        if (await Administrators.AnyAsync(db, cancellationToken))
        {
            return null;
        }

        var normalized = email.ToUpperInvariant();
        var user = await db.Users.SingleOrDefaultAsync(known => known.NormalizedEmail == normalized, cancellationToken);
        if (user is null)
        {
            user = new BlogUser
            {
                DisplayName = PersonName.Clean(name),
                Email = email,
                NormalizedEmail = normalized,
                CreatedAt = time.GetUtcNow(),
            };
            db.Users.Add(user);
            db.UserRoles.Add(new() { UserId = user.Id, RoleId = Roles.IdOf(Roles.Reader) });
        }

        // Authors from before accounts existed have no confirmed address and could not sign in.
        user.EmailConfirmed = true;
        user.PasswordHash = hasher.HashPassword(user, password);
        db.UserRoles.Add(new() { UserId = user.Id, RoleId = Roles.IdOf(Roles.Administrator) });
        return user;
    }

    [LoggerMessage(LogLevel.Information, "The administrator of the settings was created")]
    private partial void LogCreated();

    [LoggerMessage(LogLevel.Warning, "The blog has no administrator yet. Whoever opens this link first becomes it (good for a day; a restart makes a new one): {Link}")]
    private partial void LogLink(Uri link);
}
