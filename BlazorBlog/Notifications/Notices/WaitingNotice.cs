namespace BlazorBlog.Notifications.Notices;

/// <summary>What waits for a moderator, as it stood just before sending.</summary>
/// <param name="Count">All that wait.</param>
/// <param name="Newest">The newest of them.</param>
public sealed record WaitingNotice(int Count, IReadOnlyList<WaitingNoticeComment> Newest);

/// <param name="AuthorName">Name as typed.</param>
/// <param name="Body">Markdown as typed.</param>
/// <param name="PostTitle">Where.</param>
/// <param name="Reason">Why it waits.</param>
public sealed record WaitingNoticeComment(string AuthorName, string Body, string PostTitle, Comments.HoldReason? Reason);
