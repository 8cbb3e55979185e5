using BlazorBlog.Comments.Moderation;
using BlazorBlog.Hosting;

namespace BlazorBlog.Comments.Posting;

/// <summary>A comment whose fields are checked, on its way to the database.</summary>
public sealed record NewComment(
    Guid PostId,
    string Slug,
    Guid? ParentId,
    Guid? GuestId,
    string Name,
    string? Email,
    string Body,
    string Html,
    string? IdempotencyKey,
    bool NotifyReplies,
    SiteCulture? Culture)
{
    /// <summary>Of the comment. Made before the first attempt to save it, so that every further one saves the same comment.</summary>
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Of the guest, where a new one writes; the same at every attempt, as <see cref="Id"/>.</summary>
    public Guid NewGuestId { get; } = Guid.CreateVersion7();

    public WritingAccount? Account { get; init; }

    /// <summary>A script made its key, and a new one for each new text; else the same text of the same writer within minutes is a repeat too.</summary>
    public bool IsScripted { get; init; }

    /// <summary>Why it waits, whoever wrote it; judged before the first attempt to save it.</summary>
    public HoldReason? Held { get; init; }

    /// <summary>The request that it was checked in.</summary>
    public string? TraceParent { get; } = TraceContext.Current;

    /// <summary>Who writes: the account, the known guest, or a new one of this id.</summary>
    public Guid? WriterId => Account?.UserId ?? GuestId;
}
