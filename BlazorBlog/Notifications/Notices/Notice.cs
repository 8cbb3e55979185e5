using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Notices;

/// <summary>What one delivery says, as it stood just before sending.</summary>
/// <param name="Delivery">The ledger's row.</param>
/// <param name="Address">Email address or E.164 number.</param>
public abstract record Notice(Delivery Delivery, string Address)
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
public sealed record CommentNotice(
    Delivery Delivery,
    string Address,
    string? Name,
    SiteCulture Culture,
    TimeZoneInfo Zone,
    bool IsReplyToRecipient,
    NoticeComment Comment,
    NoticePost Post,
    WaitingNotice? Waiting = null) : Notice(Delivery, Address);

/// <param name="Id">The comment.</param>
/// <param name="ParentId">The comment it answers.</param>
/// <param name="AuthorName">Name as typed.</param>
/// <param name="Body">Markdown as typed.</param>
/// <param name="Html">Sanitised HTML.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record NoticeComment(Guid Id, Guid? ParentId, string AuthorName, string Body, string Html, DateTimeOffset CreatedAt);

public sealed record NoticePost(Guid Id, string Slug, string Title);
