namespace BlazorBlog.Notifications.Sms;

/// <summary>Body of <c>POST /messages/v4/send-many/detail</c>; the names are the provider's.</summary>
/// <param name="Messages">At most 10,000.</param>
/// <param name="AllowDuplicates">Whether a number may stand in the call twice.</param>
/// <param name="ShowMessageList">Asks for the id of every message taken, not only of those refused.</param>
internal sealed record CoolSmsRequest(IReadOnlyList<CoolSmsRequestMessage> Messages, bool AllowDuplicates, bool ShowMessageList = true);
