namespace BlazorBlog.Notifications.Sms;

/// <summary>One SMS to one number.</summary>
/// <param name="Id">The delivery's id: travels with the message where the provider allows, so that it can be found again.</param>
/// <param name="To">E.164, e.g. <c>+821012345678</c>.</param>
/// <param name="Text">Already fitted by <see cref="ISmsTransport.Fit"/>.</param>
public sealed record SmsMessage(Guid Id, string To, string Text);
