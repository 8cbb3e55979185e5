using System.Security.Claims;
using BlazorBlog.Accounts.Mail;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Comments;
using BlazorBlog.Components;
using BlazorBlog.Data;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.Profiles;

/// <summary>Everything the blog holds about a person: to take along, and to delete.</summary>
public sealed class PersonalData(
    IDbContextFactory<BlogDbContext> contexts, UnitOfWork work, AccessControl access, AccountNotifier notices, SiteSettings site, IStringLocalizer<Texts> texts, TimeProvider time)
{
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<PersonalDataFile> ReadAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        var account = await access.DemandAsync(actor, Policies.SignedIn, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var user = await db.Users.AsNoTracking().SingleAsync(user => user.Id == account.UserId, cancellationToken);
        var guests = await GuestsOf(db, user).AsNoTracking().ToListAsync(cancellationToken);
        var guestIds = guests.Select(guest => guest.Id).ToList();
        var keys = Keys(user.Id, guestIds);
        var address = user.Email is null ? "" : EmailAddress.Normalize(user.Email);
        var comments = await CommentsOf(db, user.Id, guestIds).AsNoTracking().OrderBy(comment => comment.CreatedAt)
            .Select(comment => new
            {
                comment.Id,
                comment.Post!.Slug,
                comment.AuthorName,
                comment.Body,
                comment.Status,
                comment.CreatedAt,
                comment.EditedAt,
                comment.RemovedAt,
                Earlier = db.CommentRevisions.Where(revision => revision.CommentId == comment.Id).OrderBy(revision => revision.ReplacedAt).Select(revision => revision.Body).ToList(),
            })
            .ToListAsync(cancellationToken);
        return new PersonalDataFile(
            new(user.DisplayName, user.Email, user.PhoneNumber, user.Culture?.ToString(), user.TimeZone, user.CreatedAt, account.Roles, user.TwoFactorEnabled,
                user.AvatarId is { } picture ? await db.Avatars.Where(avatar => avatar.Id == picture).Select(avatar => avatar.Bytes).SingleOrDefaultAsync(cancellationToken) : null),
            [.. guests.Select(guest => new PersonalDataFile.GuestPart(guest.Name, guest.Email, guest.CreatedAt))],
            [.. comments.Select(comment => new PersonalDataFile.CommentPart(
                comment.Id, site.Link($"posts/{comment.Slug}#comment-{comment.Id}"), comment.AuthorName, comment.Body, comment.Status.ToString(), comment.CreatedAt, comment.EditedAt, comment.RemovedAt, comment.Earlier))],
            await db.CommentReactions.Where(given => keys.Contains(given.Person)).Select(given => new PersonalDataFile.ReactionPart(given.CommentId, given.Kind.ToString())).ToListAsync(cancellationToken),
            await db.Posts.Where(post => post.AuthorId == user.Id).Select(post => post.Slug).ToListAsync(cancellationToken),
            await db.SignInSessions.Where(session => session.UserId == user.Id)
                .Select(session => new PersonalDataFile.SignInPart(session.Browser, session.Method, session.CreatedAt, session.LastSeenAt)).ToListAsync(cancellationToken),
            await db.Set<IdentityUserLogin<Guid>>().Where(login => login.UserId == user.Id)
                .Select(login => new PersonalDataFile.LoginPart(login.LoginProvider, login.ProviderKey)).ToListAsync(cancellationToken),
            [.. (await db.Set<IdentityUserPasskey<Guid>>().AsNoTracking().Where(passkey => passkey.UserId == user.Id).ToListAsync(cancellationToken))
                .Select(passkey => new PersonalDataFile.PasskeyPart(passkey.Data.Name, passkey.Data.CreatedAt))],
            await db.Deliveries.Where(delivery => keys.Contains(delivery.RecipientKey)).OrderBy(delivery => delivery.CreatedAt)
                .Select(delivery => new PersonalDataFile.NoticePart(delivery.Event.ToString(), delivery.Channel.ToString(), delivery.State.ToString(), delivery.CreatedAt)).ToListAsync(cancellationToken),
            await db.Suppressions.AnyAsync(suppression => suppression.Address == address && suppression.Channel == NotificationChannel.Email && suppression.Reason != SuppressionReason.Undeliverable, cancellationToken));
    }

    /// <summary>
    /// Deletes the account and everything that says who it was. Comments stay without a name, or go; the posts of an author stay, and say
    /// that their author has left.
    /// </summary>
    /// <returns>Null when it is done, else why not.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<string?> DeleteAsync(ClaimsPrincipal actor, bool keepComments, CancellationToken cancellationToken)
    {
        var account = await access.DemandAsync(actor, Policies.SignedIn, cancellationToken);
        // Said once in the site's language, for all who read on.
        string nobodysName;
        using (new CultureScope(site.Culture))
        {
            nobodysName = texts["Deleted user"];
        }

        return await work.RunAsync(db => DeleteAsync(db, account, keepComments, nobodysName, cancellationToken), cancellationToken);
    }

    private async Task<string?> DeleteAsync(BlogDbContext db, SignedInAccount account, bool keepComments, string nobodysName, CancellationToken cancellationToken)
    {
        await Administrators.LockAsync(db, cancellationToken);
        if (account.Roles.Contains(Roles.Administrator) && !await Administrators.AnyButAsync(db, account.UserId, cancellationToken))
        {
            return texts["The blog needs an administrator; make somebody else one first."];
        }

        var user = await db.Users.SingleAsync(user => user.Id == account.UserId, cancellationToken);
        var guests = await GuestsOf(db, user).ToListAsync(cancellationToken);
        var guestIds = guests.Select(guest => guest.Id).ToList();
        List<string> keys = [.. Keys(user.Id, guestIds), .. user.Email is null ? [] : new[] { RecipientKey.OfEmail(EmailAddress.Normalize(user.Email)) }];

        var now = time.GetUtcNow();
        var nobody = new Guest { Name = "", CreatedAt = now };
        db.Guests.Add(nobody);
        var reactions = await db.CommentReactions.Where(given => keys.Contains(given.Person)).ToListAsync(cancellationToken);
        var reactedIds = reactions.Select(given => given.CommentId).Distinct().ToList();
        // Both at once, for the order of the threads.
        await CommentChanges.ChangeAllAsync(
            db,
            db.Comments.Where(comment => CommentsOf(db, user.Id, guestIds).Contains(comment) || reactedIds.Contains(comment.Id)),
            (comment, number) =>
            {
                foreach (var given in reactions.Where(given => given.CommentId == comment.Id))
                {
                    comment.React(given.Kind, -1, number);
                }

                if (comment.UserId == user.Id || (comment.GuestId is { } guestId && guestIds.Contains(guestId)))
                {
                    comment.Orphan(nobody.Id, nobodysName, number);
                    if (!keepComments)
                    {
                        comment.Erase(number, now);
                    }
                }
            },
            cancellationToken);
        db.CommentReactions.RemoveRange(reactions);
        db.CommentRevisions.RemoveRange(await db.CommentRevisions
            .Where(revision => CommentsOf(db, user.Id, guestIds).Any(comment => comment.Id == revision.CommentId)).ToListAsync(cancellationToken));
        await ForgetNoticesAsync(db, user, keys, cancellationToken);
        if (user.Email is { } email)
        {
            notices.AddMail(db, user, AccountChange.Deleted, email);
        }

        await db.SaveChangesAsync(cancellationToken);
        db.Guests.RemoveRange(guests);
        if (await db.Posts.AnyAsync(post => post.AuthorId == user.Id, cancellationToken))
        {
            await EmptyAsync(db, user, nobodysName, cancellationToken);
        }
        else
        {
            db.Users.Remove(user);
        }

        return null;
    }

    private static IQueryable<Guest> GuestsOf(BlogDbContext db, BlogUser user)
    {
        var address = user is { Email: { } email, EmailConfirmed: true } ? EmailAddress.Normalize(email) : null;
        return db.Guests.Where(guest => guest.UserId == user.Id
            || (guest.UserId == null && address != null && guest.NormalizedEmail == address && guest.EmailConfirmedAt != null));
    }

    private static IQueryable<Comment> CommentsOf(BlogDbContext db, Guid userId, List<Guid> guestIds) =>
        db.Comments.Where(comment => comment.UserId == userId || (comment.GuestId != null && guestIds.Contains(comment.GuestId.Value)));

    private static List<string> Keys(Guid userId, IEnumerable<Guid> guestIds) => [RecipientKey.OfUser(userId), .. guestIds.Select(RecipientKey.OfGuest)];

    /// <summary>Anonymises the ledger: it keeps that something was sent, but not to whom.</summary>
    private static async Task ForgetNoticesAsync(BlogDbContext db, BlogUser user, List<string> keys, CancellationToken cancellationToken)
    {
        await db.ThreadReaders.Where(reader => keys.Contains(reader.RecipientKey)).ExecuteDeleteAsync(cancellationToken);
        var sent = db.Deliveries.Where(delivery => keys.Contains(delivery.RecipientKey));
        await db.DeliveryAttempts.Where(attempt => sent.Any(delivery => delivery.Id == attempt.DeliveryId))
            .ExecuteUpdateAsync(set => set.SetProperty(attempt => attempt.Text, (string?)null), cancellationToken);
        foreach (var key in keys)
        {
            // A new random key per old key: the person may have two keys with a notice about the same comment, and one shared key would collide.
            var nobodysKey = RecipientKey.OfGuest(Guid.CreateVersion7());
            await db.Deliveries.Where(delivery => delivery.RecipientKey == key).ExecuteUpdateAsync(
                set => set.SetProperty(delivery => delivery.RecipientKey, nobodysKey)
                    .SetProperty(delivery => delivery.LastText, (string?)null).SetProperty(delivery => delivery.AskedAddress, (string?)null),
                cancellationToken);
        }

        var addresses = new[] { user.Email is null ? null : EmailAddress.Normalize(user.Email), user.PhoneNumber }.OfType<string>().ToList();
        await db.Suppressions.Where(suppression => addresses.Contains(suppression.Address)).ExecuteDeleteAsync(cancellationToken);
        // The question that made the account knows the address alone.
        await db.EmailVerifications.Where(challenge => challenge.UserId == user.Id || challenge.Email == user.Email).ExecuteDeleteAsync(cancellationToken);
        await db.AccountMails.Where(mail => mail.Email == user.Email).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>A post needs an author, so the row stays, without personal data.</summary>
    private static async Task EmptyAsync(BlogDbContext db, BlogUser user, string name, CancellationToken cancellationToken)
    {
        (user.DisplayName, user.Email, user.NormalizedEmail, user.EmailConfirmed) = (name, null, null, false);
        (user.PhoneNumber, user.PhoneNumberConfirmed, user.PasswordHash, user.TwoFactorEnabled) = (null, false, null, false);
        (user.Culture, user.TimeZone, user.AvatarId, user.LastTwoFactorCodes) = (null, null, null, null);
        user.UserName = user.Id.ToString("N");
        user.NormalizedUserName = user.UserName.ToUpperInvariant();
        user.SecurityStamp = Guid.NewGuid().ToString("N");
        user.LockoutEnd = DateTimeOffset.MaxValue;
        await db.Avatars.Where(row => row.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await db.UserRoles.Where(row => row.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await db.SignInSessions.Where(row => row.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await db.Set<IdentityUserLogin<Guid>>().Where(row => row.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await db.Set<IdentityUserToken<Guid>>().Where(row => row.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await db.Set<IdentityUserPasskey<Guid>>().Where(row => row.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
    }
}

/// <summary>What a person takes along. Times are UTC.</summary>
public sealed record PersonalDataFile(
    PersonalDataFile.ProfilePart Profile,
    IReadOnlyList<PersonalDataFile.GuestPart> BeforeTheAccount,
    IReadOnlyList<PersonalDataFile.CommentPart> Comments,
    IReadOnlyList<PersonalDataFile.ReactionPart> Reactions,
    IReadOnlyList<string> Posts,
    IReadOnlyList<PersonalDataFile.SignInPart> SignIns,
    IReadOnlyList<PersonalDataFile.LoginPart> OtherWaysToSignIn,
    IReadOnlyList<PersonalDataFile.PasskeyPart> Passkeys,
    IReadOnlyList<PersonalDataFile.NoticePart> Notices,
    bool MailStopped)
{
    public sealed record ProfilePart(
        string Name, string? Email, string? Phone, string? Language, string? TimeZone, DateTimeOffset? CreatedAt, IReadOnlyList<string> Roles, bool TwoFactor, byte[]? Picture);

    public sealed record GuestPart(string Name, string? Email, DateTimeOffset CreatedAt);

    public sealed record CommentPart(
        Guid Id, Uri Address, string Name, string Text, string Status, DateTimeOffset CreatedAt, DateTimeOffset? EditedAt, DateTimeOffset? RemovedAt, IReadOnlyList<string> EarlierTexts);

    public sealed record ReactionPart(Guid Comment, string Kind);

    public sealed record SignInPart(string Browser, string Method, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt);

    public sealed record LoginPart(string Provider, string Key);

    public sealed record PasskeyPart(string? Name, DateTimeOffset CreatedAt);

    public sealed record NoticePart(string Event, string Channel, string State, DateTimeOffset CreatedAt);
}
