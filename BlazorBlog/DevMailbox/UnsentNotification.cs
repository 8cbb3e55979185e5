using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.DevMailbox;

/// <summary>
/// A notice that was deliberately not sent, and why. The recipient is shown by name, or by the ledger's key where there is none; of the
/// comment, only its beginning is kept.
/// </summary>
public sealed record UnsentNotification(
    Guid DeliveryId,
    DateTimeOffset At,
    NotificationChannel Channel,
    NotSentReason Reason,
    string Recipient,
    Guid CommentId,
    string Slug,
    string Author,
    string Excerpt)
{
    public bool Contains(string words) => new[] { Recipient, Author, Excerpt }.Any(part => part.Contains(words, StringComparison.CurrentCultureIgnoreCase));
}
