using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts;

/// <summary>Ensures that a blog with an administrator keeps at least one. For use in the caller's transaction.</summary>
internal static class Administrators
{
    private static readonly Guid Role = Roles.IdOf(Roles.Administrator);

    /// <summary>Whether there is one.</summary>
    public static Task<bool> AnyAsync(BlogDbContext db, CancellationToken cancellationToken) =>
        db.UserRoles.AnyAsync(row => row.RoleId == Role, cancellationToken);

    /// <summary>Whether there is one beside an account.</summary>
    public static Task<bool> AnyButAsync(BlogDbContext db, Guid userId, CancellationToken cancellationToken) =>
        db.UserRoles.AnyAsync(row => row.RoleId == Role && row.UserId != userId, cancellationToken);

    /// <summary>
    /// The first statement of a transaction that may take an administrator away: the role's row stays locked, so of two removals at once
    /// the second sees the result of the first.
    /// </summary>
    public static Task LockAsync(BlogDbContext db, CancellationToken cancellationToken) =>
        db.Roles.Where(role => role.Id == Role).ExecuteUpdateAsync(set => set.SetProperty(role => role.Name, role => role.Name), cancellationToken);
}
