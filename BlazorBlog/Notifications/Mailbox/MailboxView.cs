using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Mailbox;

/// <summary>The mailbox at one moment.</summary>
/// <param name="Filter">What was asked for.</param>
/// <param name="Messages">Newest first.</param>
/// <param name="Unsent">Newest first.</param>
/// <param name="Elsewhere">Channels whose transport does not write files, so that nothing of theirs arrives here.</param>
public sealed record MailboxView(
    MailboxFilter Filter, IReadOnlyList<MailboxEntry> Messages, IReadOnlyList<UnsentNotice> Unsent, IReadOnlyList<NoticeChannel> Elsewhere);
