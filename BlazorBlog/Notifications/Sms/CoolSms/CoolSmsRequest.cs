namespace BlazorBlog.Notifications.Sms.CoolSms;

/// <summary>Body of <c>POST /messages/v4/send-many/detail</c>; the names are the provider's.</summary>
/// <param name="Messages">At most 10,000.</param>
/// <param name="AllowDuplicates">Whether a number may stand in the call twice.</param>
/// <param name="ShowMessageList">Asks for the id of every message taken, not only of those refused.</param>
internal sealed record CoolSmsRequest(IReadOnlyList<CoolSmsRequestMessage> Messages, bool AllowDuplicates, bool ShowMessageList = true);

/// <summary>One message of a call; the names are the provider's.</summary>
/// <param name="To">Digits in national form.</param>
/// <param name="From">Digits in national form.</param>
/// <param name="Country">Country code of <paramref name="To"/>.</param>
/// <param name="Text">In characters of EUC-KR.</param>
/// <param name="Type"><c>SMS</c> or <c>LMS</c>.</param>
/// <param name="Subject">Of an LMS, at most 40 bytes of EUC-KR; an SMS with one is refused (1013).</param>
/// <param name="CustomFields">Come back in answers, lists and reports.</param>
internal sealed record CoolSmsRequestMessage(
    string To, string From, string Country, string Text, string Type, string? Subject, IReadOnlyDictionary<string, string> CustomFields);
