namespace BlazorBlog.Notifications.Sms;

/// <summary>How a text travels and what it costs.</summary>
/// <param name="Encoding">E.g. <c>GSM-7</c>, <c>UCS-2</c>, <c>EUC-KR SMS</c>, <c>EUC-KR LMS</c>.</param>
/// <param name="Length">Septets, UTF-16 units or bytes, as the encoding counts.</param>
/// <param name="Segments">Billed messages.</param>
public sealed record SmsSize(string Encoding, int Length, int Segments);
