using System.Net;
using BlazorBlog.Notifications.Recipients;

namespace BlazorBlog.Comments;

/// <summary>The author of a request, as far as known: an account, or a guest's browser.</summary>
public readonly record struct CommentAuthor(Guid? UserId, Guid? GuestId)
{
    /// <summary>Comments of the staff do not wait for approval.</summary>
    public bool IsStaff { get; init; }

    /// <summary>Where the request came from, for limits; null for the program itself, which has none.</summary>
    public IPAddress? Network { get; init; }

    public static CommentAuthor OfGuest(Guid? guestId) => new(null, guestId);

    /// <summary>The person as the ledger names them; null when nothing is known.</summary>
    public string? Key => UserId is { } user ? RecipientKey.OfUser(user) : GuestId is { } guest ? RecipientKey.OfGuest(guest) : null;

    /// <summary>A typed name or address proves nothing; the account or the cookie does.</summary>
    public bool Wrote(Comment comment) =>
        (UserId is not null && UserId == comment.UserId) || (GuestId is not null && GuestId == comment.GuestId);

    /// <summary>The same for a query.</summary>
    public IQueryable<Comment> Of(IQueryable<Comment> comments)
    {
        var (userId, guestId) = this;
        return comments.Where(comment => (guestId != null && comment.GuestId == guestId) || (userId != null && comment.UserId == userId));
    }
}

/// <summary>A user who comments with an account.</summary>
/// <param name="UserId">The account.</param>
/// <param name="DisplayName">As it is now.</param>
/// <param name="IsStaff">Staff comments do not wait for approval.</param>
public sealed record WritingAccount(Guid UserId, string DisplayName, bool IsStaff);
