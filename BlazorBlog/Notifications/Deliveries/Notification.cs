using BlazorBlog.Comments.Moderation;
using BlazorBlog.Hosting;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>What one delivery says, as it stood just before sending.</summary>
/// <param name="Delivery">The ledger's row.</param>
/// <param name="Address">Email address or E.164 number.</param>
public abstract record Notification(Delivery Delivery, string Address)
{
    /// <summary>The request that caused it, see <see cref="TraceContext"/>.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>A notice about a comment.</summary>
/// <param name="Delivery">The ledger's row.</param>
/// <param name="Address">Email address or E.164 number.</param>
/// <param name="Name">The recipient's name, if known.</param>
/// <param name="Culture">The recipient's language.</param>
/// <param name="Zone">The recipient's time zone.</param>
/// <param name="IsReplyToRecipient">The comment answers one of the recipient's own.</param>
/// <param name="Comment">What happened.</param>
/// <param name="Post">Where.</param>
/// <param name="Waiting">What waits, when the notice is about that.</param>
public sealed record CommentNotification(
    Delivery Delivery,
    string Address,
    string? Name,
    SiteCulture Culture,
    TimeZoneInfo Zone,
    bool IsReplyToRecipient,
    NotificationComment Comment,
    NotificationPost Post,
    HeldComments? Waiting = null) : Notification(Delivery, Address);

/// <param name="Id">The comment.</param>
/// <param name="ParentId">The comment it answers.</param>
/// <param name="AuthorName">Name as typed.</param>
/// <param name="Body">Markdown as typed.</param>
/// <param name="Html">Sanitised HTML.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record NotificationComment(Guid Id, Guid? ParentId, string AuthorName, string Body, string Html, DateTimeOffset CreatedAt);

public sealed record NotificationPost(Guid Id, string Slug, string Title);

/// <summary>A delivery as it stands just before it is sent.</summary>
/// <param name="Delivery">The ledger's row.</param>
/// <param name="Notification">What it says; null when it must not be sent.</param>
/// <param name="Reason">Why it must not be sent any more.</param>
/// <param name="NotBefore">
/// It is looked at again then: the recipient has the thread in sight, and may read the comment there; or its writer has just removed it, and
/// may take that back.
/// </param>
public sealed record LoadedNotification(Delivery Delivery, Notification? Notification, NotSentReason? Reason, DateTimeOffset? NotBefore);

/// <summary>What waits for a moderator, as it stood just before sending.</summary>
/// <param name="Count">All that wait.</param>
/// <param name="Newest">The newest of them.</param>
public sealed record HeldComments(int Count, IReadOnlyList<HeldComment> Newest);

/// <param name="AuthorName">Name as typed.</param>
/// <param name="Body">Markdown as typed.</param>
/// <param name="PostTitle">Where.</param>
/// <param name="Reason">Why it waits.</param>
public sealed record HeldComment(string AuthorName, string Body, string PostTitle, HoldReason? Reason);
