using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Recipients;

/// <summary>
/// The reasons against notifying a recipient, in order of precedence. Checked when deliveries are planned and again just before each is
/// sent, because by then the comment may be gone, the address another, or the person may have said no.
/// </summary>
/// <param name="Event">What it is about.</param>
/// <param name="Channel">How.</param>
/// <param name="IsCurrent">The comment is visible, or, for moderators, some comment still waits.</param>
/// <param name="Recipient">Who; null when there is no such person any more.</param>
/// <param name="AskedAddress">With <see cref="NotificationEvent.ConfirmAddress"/>, the normalised address in question.</param>
/// <param name="Suppression">Why the address gets nothing on the channel.</param>
internal sealed record Eligibility(
    NotificationEvent Event, NotificationChannel Channel, bool IsCurrent, Recipient? Recipient, string? AskedAddress, SuppressionReason? Suppression)
{
    /// <summary>Null when the person may be told.</summary>
    public NotSentReason? ReasonAgainst() => this switch
    {
        { IsCurrent: false } => Event == NotificationEvent.CommentHeld ? NotSentReason.NothingWaits : NotSentReason.Removed,
        { Recipient: null } => NotSentReason.NoAddress,
        _ when Event != NotificationEvent.ConfirmAddress && Recipient.Roles.HasFlag(RecipientRoles.Commenter) => NotSentReason.OwnComment,
        { Event: NotificationEvent.CommentPublished, Recipient: { DidNotAsk: true, Roles: RecipientRoles.ParentAuthor } } => NotSentReason.NotAsked,
        _ when Recipient.Address(Channel) is null => NotSentReason.NoAddress,
        _ when !IsOwnAddress(Recipient) => NotSentReason.Unverified,
        { Suppression: SuppressionReason.Undeliverable } => NotSentReason.Undeliverable,
        { Suppression: not null } => NotSentReason.OptedOut,
        _ => null,
    };

    /// <summary>The question whether an address is theirs goes to the address they typed, if they have not typed another since.</summary>
    private bool IsOwnAddress(Recipient recipient) =>
        Event == NotificationEvent.ConfirmAddress ? recipient.NormalizedAddress(Channel) == AskedAddress : recipient.IsConfirmed(Channel);
}
