using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Notices;

/// <summary>A delivery as it stands just before it is sent.</summary>
/// <param name="Delivery">The ledger's row.</param>
/// <param name="Notice">What it says; null when it must not be sent.</param>
/// <param name="Reason">Why it must not be sent any more.</param>
/// <param name="NotBefore">The recipient has the thread in sight, and may read the comment there: it is looked at again then.</param>
public sealed record NoticeReading(Delivery Delivery, Notice? Notice, NotSentReason? Reason, DateTimeOffset? NotBefore);
