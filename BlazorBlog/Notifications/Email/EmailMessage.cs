using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

/// <summary>A mailbox as written in a header.</summary>
/// <param name="Address">addr-spec, e.g. <c>jin@example.com</c>.</param>
/// <param name="Name">Display name in any script, or null.</param>
public sealed record Mailbox(string Address, string? Name = null);

/// <summary>One mail to one person: one recipient a message, so no partial failure can occur.</summary>
public sealed record EmailMessage : OutgoingMessage
{
    public required Mailbox From { get; init; }

    public required Mailbox To { get; init; }

    public required string Subject { get; init; }

    public required string Text { get; init; }

    public required string Html { get; init; }

    /// <summary>Without angle brackets, e.g. <c>c0190….email@blog.example</c>; the same over all retries (RFC 5322, 3.6.4).</summary>
    public required string MessageId { get; init; }

    /// <summary>
    /// The moment of this attempt: then the author declares the message complete (RFC 5322, 3.6.1), since each attempt renders it anew from the text
    /// as it is. The moment of the event would be days old after an outage, and filters take such mail for spam (SpamAssassin: DATE_IN_PAST_*).
    /// A repeat after a lost answer has another date under the same Message-ID, by which mail programs fold the two.
    /// </summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>When it was to be sent first; the same over all retries.</summary>
    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>Message-IDs of the conversation without angle brackets, oldest first; the last one is answered (In-Reply-To).</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>List-Id without brackets (RFC 2919), e.g. <c>post-0190….blog.example</c>, and its phrase.</summary>
    public string? ListId { get; init; }

    public string? ListName { get; init; }

    /// <summary>One-click unsubscribe address (RFC 8058); List-Unsubscribe-Post is added when it is https.</summary>
    public Uri? Unsubscribe { get; init; }

    /// <summary>Gmail's Feedback-ID, <c>campaign:customer:type:sender</c>.</summary>
    public string? FeedbackId { get; init; }
}
