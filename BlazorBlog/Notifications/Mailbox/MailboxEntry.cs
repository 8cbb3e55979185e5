using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Mailbox;

/// <summary>A message, and what the ledger knows of it with all attempts; null when it knows nothing.</summary>
public sealed record MailboxEntry(MailboxMessage Message, Delivery? Delivery);
