using System.Linq.Expressions;
using System.Security.Claims;
using BlazorBlog.Accounts;
using BlazorBlog.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Comments.Moderation;

/// <summary>
/// Moderation of other people's comments. Each method checks the caller's role again.
/// </summary>
public sealed class ThreadModeration(IDbContextFactory<BlogDbContext> contexts, CommentChanges changes, AccessControl access, TimeProvider time)
{
    /// <summary>How many hidden and spam comments are listed at most, the latest first.</summary>
    public const int MostOutOfSight = 50;

    private static readonly Expression<Func<Comment, ModeratedComment>> Shown = comment =>
        new ModeratedComment(comment.Id, comment.AuthorName, comment.Html, comment.CreatedAt, comment.Status, comment.HoldReason);

    /// <summary>Comments of a post that readers do not see: all that wait, oldest first, and the latest that were hidden or marked as spam.</summary>
    /// <exception cref="AccessDeniedException">The actor is no moderator.</exception>
    public async Task<IReadOnlyList<ModeratedComment>> ListAsync(ClaimsPrincipal actor, Guid postId, CancellationToken cancellationToken)
    {
        await access.DemandAsync(actor, Policies.Moderate, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var comments = db.Comments.AsNoTracking().Where(comment => comment.PostId == postId && comment.RemovedAt == null);
        var waiting = comments.Where(comment => comment.Status == CommentStatus.Pending).OrderBy(comment => comment.CreatedAt);
        var hidden = comments.Where(comment => comment.Status == CommentStatus.Hidden || comment.Status == CommentStatus.Spam)
            .OrderByDescending(comment => comment.Sequence).Take(MostOutOfSight);
        return [.. await waiting.Select(Shown).ToListAsync(cancellationToken), .. await hidden.Select(Shown).ToListAsync(cancellationToken)];
    }

    /// <summary>Makes a comment visible to all readers; the interceptor notifies the recipients that were not notified yet.</summary>
    /// <returns>False when there is no such comment, or it was visible already.</returns>
    /// <exception cref="AccessDeniedException">The actor is no moderator.</exception>
    public Task<bool> ApproveAsync(ClaimsPrincipal actor, Guid commentId, CancellationToken cancellationToken) =>
        MoveAsync(actor, commentId, CommentStatus.Approved, (comment, number) => comment.Approve(number), cancellationToken);

    /// <summary>Hides a comment from readers; <see cref="ApproveAsync"/> brings it back. Notices not yet sent are withdrawn.</summary>
    /// <returns>False when there is no such comment, or it was hidden before.</returns>
    /// <exception cref="AccessDeniedException">The actor is no moderator.</exception>
    public Task<bool> HideAsync(ClaimsPrincipal actor, Guid commentId, CancellationToken cancellationToken) =>
        MoveAsync(actor, commentId, CommentStatus.Hidden, (comment, number) => comment.Hide(number), cancellationToken);

    /// <summary>As <see cref="HideAsync"/>, for advertising.</summary>
    /// <exception cref="AccessDeniedException">The actor is no moderator.</exception>
    public Task<bool> MarkAsSpamAsync(ClaimsPrincipal actor, Guid commentId, CancellationToken cancellationToken) =>
        MoveAsync(actor, commentId, CommentStatus.Spam, (comment, number) => comment.MarkAsSpam(number), cancellationToken);

    /// <summary>Lets a comment wait for another look.</summary>
    /// <returns>False when there is no such comment, or it waits already.</returns>
    /// <exception cref="AccessDeniedException">The actor is no moderator.</exception>
    public Task<bool> HoldAsync(ClaimsPrincipal actor, Guid commentId, CancellationToken cancellationToken) =>
        MoveAsync(actor, commentId, CommentStatus.Pending, (comment, number) => comment.Hold(HoldReason.Moderator, number), cancellationToken);

    /// <summary>Does what a button says.</summary>
    /// <exception cref="AccessDeniedException">The actor is no moderator.</exception>
    public Task<bool> ActAsync(ClaimsPrincipal actor, Guid commentId, ModeratorAction action, CancellationToken cancellationToken) => action switch
    {
        ModeratorAction.Approve => ApproveAsync(actor, commentId, cancellationToken),
        ModeratorAction.Hide => HideAsync(actor, commentId, cancellationToken),
        _ => MarkAsSpamAsync(actor, commentId, cancellationToken),
    };

    /// <summary>Takes a comment's words away; its place and its replies stay, and notices not yet sent are withdrawn.</summary>
    /// <returns>False when there is no such comment, or it was removed before.</returns>
    /// <exception cref="AccessDeniedException">The actor is no moderator.</exception>
    public async Task<bool> RemoveAsync(ClaimsPrincipal actor, Guid commentId, CancellationToken cancellationToken)
    {
        await access.DemandAsync(actor, Policies.Moderate, cancellationToken);
        return await changes.ChangeAsync(commentId, (_, comment, number) =>
        {
            if (comment.RemovedAt is not null)
            {
                return Task.FromResult(false);
            }

            // Hidden as well: its writer may take back their own removal, and not this one.
            comment.Hide(number);
            comment.Remove(number, time.GetUtcNow());
            return Task.FromResult(true);
        }, cancellationToken);
    }

    private async Task<bool> MoveAsync(
        ClaimsPrincipal actor, Guid commentId, CommentStatus status, Action<Comment, long> move, CancellationToken cancellationToken)
    {
        await access.DemandAsync(actor, Policies.Moderate, cancellationToken);
        return await changes.ChangeAsync(commentId, (_, comment, number) =>
        {
            if (comment.Status == status || comment.RemovedAt is not null)
            {
                return Task.FromResult(false);
            }

            move(comment, number);
            return Task.FromResult(true);
        }, cancellationToken);
    }
}

/// <summary>A comment that only moderators see.</summary>
/// <param name="Id">The comment.</param>
/// <param name="AuthorName">As typed.</param>
/// <param name="Html">Sanitised HTML of the Markdown body.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Status">Pending, hidden or spam.</param>
/// <param name="HoldReason">Why it waits, or waited.</param>
public sealed record ModeratedComment(Guid Id, string AuthorName, string Html, DateTimeOffset CreatedAt, CommentStatus Status, HoldReason? HoldReason);
