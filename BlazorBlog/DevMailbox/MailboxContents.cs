using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.DevMailbox;

/// <summary>The mailbox at one moment.</summary>
/// <param name="Filter">What was asked for.</param>
/// <param name="Messages">Newest first.</param>
/// <param name="Unsent">Newest first.</param>
/// <param name="Elsewhere">Channels whose transport does not write files, so that nothing of theirs arrives here.</param>
public sealed record MailboxContents(
    MailboxFilter Filter, IReadOnlyList<MailboxEntry> Messages, IReadOnlyList<UnsentNotification> Unsent, IReadOnlyList<NotificationChannel> Elsewhere);

/// <summary>A message, and what the ledger knows of it with all attempts; null when it knows nothing.</summary>
public sealed record MailboxEntry(MailboxMessage Message, Delivery? Delivery);
