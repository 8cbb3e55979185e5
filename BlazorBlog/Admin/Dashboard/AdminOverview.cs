using System.Security.Claims;
using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Admin.Dashboard;

/// <summary>State of the blog, for its staff.</summary>
public sealed class AdminOverview(IDbContextFactory<BlogDbContext> contexts, AccessControl access)
{
    /// <summary>People on one page of their list.</summary>
    public const int PeoplePerPage = 50;

    /// <exception cref="AccessDeniedException">The actor looks after nothing.</exception>
    public async Task<AdminOverviewView> ReadAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        await access.DemandAsync(actor, Policies.SeeAdmin, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var waiting = await db.Posts.AsNoTracking()
            .Select(post => new
            {
                post.Slug,
                post.Title,
                Count = db.Comments.Count(comment => comment.PostId == post.Id && comment.Status == CommentStatus.Pending && comment.RemovedAt == null),
            })
            .Where(post => post.Count > 0)
            .OrderByDescending(post => post.Count)
            .Select(post => new WaitingPost(post.Slug, post.Title, post.Count))
            .ToListAsync(cancellationToken);
        return new AdminOverviewView(
            await db.Posts.CountAsync(cancellationToken),
            await db.Comments.CountAsync(comment => comment.Status == CommentStatus.Approved && comment.RemovedAt == null, cancellationToken),
            await db.Users.CountAsync(cancellationToken),
            waiting);
    }

    /// <param name="actor">Who asks.</param>
    /// <param name="page">From 1.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <exception cref="AccessDeniedException">The actor is no administrator.</exception>
    public async Task<(IReadOnlyList<Person> People, int Pages)> ListPeopleAsync(ClaimsPrincipal actor, int page, CancellationToken cancellationToken)
    {
        await access.DemandAsync(actor, Policies.Administer, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var count = await db.Users.CountAsync(cancellationToken);
        var people = await db.Users.AsNoTracking().OrderBy(user => user.DisplayName).ThenBy(user => user.Id)
            .Skip((Math.Max(page, 1) - 1) * PeoplePerPage).Take(PeoplePerPage)
            .Select(user => new Person(
                user.Id,
                user.DisplayName,
                user.Email,
                user.AvatarId,
                db.UserRoles.Where(held => held.UserId == user.Id).Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role.Name!).ToList()))
            .ToListAsync(cancellationToken);
        return (people, (count + PeoplePerPage - 1) / PeoplePerPage);
    }
}

/// <param name="Posts">All of them, drafts too.</param>
/// <param name="Comments">That readers see.</param>
/// <param name="Accounts">All of them.</param>
/// <param name="Waiting">Posts with comments that wait for approval, the most first.</param>
public sealed record AdminOverviewView(int Posts, int Comments, int Accounts, IReadOnlyList<WaitingPost> Waiting);

/// <param name="Slug">Its address.</param>
/// <param name="Title">Its title.</param>
/// <param name="Count">Comments that wait.</param>
public sealed record WaitingPost(string Slug, string Title, int Count);

/// <param name="Id">The account.</param>
/// <param name="DisplayName">As others see it.</param>
/// <param name="Email">Null when the account was emptied.</param>
/// <param name="AvatarId">The picture, or null.</param>
/// <param name="Roles">Those held.</param>
public sealed record Person(Guid Id, string DisplayName, string? Email, Guid? AvatarId, IReadOnlyList<string> Roles);
