using BlazorBlog.Comments;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Recipients;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts.Profiles;

/// <summary>
/// Gives people what they said before they had an account. An address proves it only where it was confirmed: by the guest, or, for the
/// guest of the very browser, by the account. Looked at with every sign-in, so that what a guest confirms later follows.
/// </summary>
public sealed class GuestLinking(IDbContextFactory<BlogDbContext> contexts, UnitOfWork work)
{
    /// <param name="user">Its address is confirmed.</param>
    /// <param name="guestId">From the cookie of the browser.</param>
    /// <param name="cancellationToken">Stops before the save.</param>
    public async Task ClaimAsync(BlogUser user, Guid? guestId, CancellationToken cancellationToken)
    {
        if (user is not { Email: { } email, EmailConfirmed: true })
        {
            return;
        }

        var address = EmailAddress.Normalize(email);
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (!await Theirs(db).AnyAsync(cancellationToken))
            {
                return;
            }
        }

        await work.RunAsync(async db =>
        {
            var guests = await Theirs(db).ToListAsync(cancellationToken);
            var guestIds = guests.Select(guest => guest.Id).ToList();
            // All at once, for the order of the threads.
            await CommentChanges.ChangeAllAsync(
                db,
                db.Comments.Where(comment => comment.GuestId != null && guestIds.Contains(comment.GuestId.Value)),
                (comment, number) => comment.AssignTo(user.Id, user.DisplayName, number),
                cancellationToken);
            foreach (var guest in guests)
            {
                guest.UserId = user.Id;
                var (before, now) = (RecipientKey.OfGuest(guest.Id), RecipientKey.OfUser(user.Id));
                await db.CommentReactions
                    .Where(given => given.Person == before
                        && !db.CommentReactions.Any(other => other.Person == now && other.CommentId == given.CommentId && other.Kind == given.Kind))
                    .ExecuteUpdateAsync(set => set.SetProperty(given => given.Person, now), cancellationToken);
            }
        }, cancellationToken);

        IQueryable<Guest> Theirs(BlogDbContext db) => db.Guests.Where(guest =>
            guest.UserId == null && guest.NormalizedEmail == address && (guest.EmailConfirmedAt != null || guest.Id == guestId));
    }
}
