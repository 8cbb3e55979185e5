namespace BlazorBlog.Campaign;

/// <summary>One message that a provider took, whatever the sender was told.</summary>
/// <param name="Recipient">Address or number.</param>
/// <param name="Mark">The comment's, from its text or link.</param>
/// <param name="Id">The mail's Message-ID; null for an SMS.</param>
/// <param name="At">When it was taken (UTC).</param>
/// <param name="IsTold">Whether the sender's side of the connection was given the answer.</param>
internal sealed record HandedOver(string Recipient, string Mark, string? Id, DateTimeOffset At, bool IsTold);
