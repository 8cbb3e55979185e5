namespace BlazorBlog.Notifications.Sms;

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
