using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.DevMailbox;

/// <summary>The mailbox at one moment.</summary>
/// <param name="Filter">What was asked for.</param>
/// <param name="Messages">Of this page, newest first.</param>
/// <param name="HasOlder">There is a page after this one.</param>
/// <param name="Unsent">Newest first, on the first page.</param>
/// <param name="Elsewhere">Channels whose transport does not write files, so that nothing of theirs arrives here.</param>
public sealed record MailboxContents(
    MailboxFilter Filter, IReadOnlyList<MailboxEntry> Messages, bool HasOlder, IReadOnlyList<UnsentNotification> Unsent, IReadOnlyList<NotificationChannel> Elsewhere);

/// <summary>A message, and what the ledger knows of it with all attempts; null when it knows nothing.</summary>
public sealed record MailboxEntry(MailboxMessage Message, Delivery? Delivery);
