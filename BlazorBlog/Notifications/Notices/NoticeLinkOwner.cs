namespace BlazorBlog.Notifications.Notices;

/// <summary>Whose link it is.</summary>
/// <param name="RecipientKey">As in the ledger.</param>
/// <param name="Email">The normalised address it was sent to: an older mail must not speak for a newer address.</param>
public sealed record NoticeLinkOwner(string RecipientKey, string Email);
