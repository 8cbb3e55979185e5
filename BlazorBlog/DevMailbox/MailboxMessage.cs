using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Sms;
using BlazorBlog.Notifications.Sms.Text;

namespace BlazorBlog.DevMailbox;

/// <summary>A mail or an SMS, as the mailbox shows it.</summary>
public sealed record MailboxMessage
{
    /// <summary>Of its file; the message's address in the mailbox.</summary>
    public required string Name { get; init; }

    public required NotificationChannel Channel { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string To { get; init; }

    /// <summary>An SMS has none; its first line, without the link, stands for it.</summary>
    public required string Subject { get; init; }

    public required string Text { get; init; }

    /// <summary>Empty when the message has none. Never trusted: shown in a sandbox only.</summary>
    public string Html { get; init; } = "";

    public IReadOnlyList<EmlHeader> Headers { get; init; } = [];

    /// <summary>Of a mail; empty when it has none.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>Named by an SMS; null when it names none.</summary>
    public Guid? DeliveryId { get; init; }

    /// <summary>Of an SMS; null when its file does not say.</summary>
    public SmsSize? Size { get; init; }

    public static MailboxMessage Of(FileInfo file, EmlFile mail) => new()
    {
        Name = file.Name,
        Channel = NotificationChannel.Email,
        At = mail.Date ?? Written(file),
        To = mail.To,
        Subject = mail.Subject,
        Text = mail.Text,
        Html = mail.Html,
        Headers = mail.Headers,
        MessageId = mail.MessageId,
    };

    public static MailboxMessage Of(FileInfo file, SmsFile sms) => new()
    {
        Name = file.Name,
        Channel = NotificationChannel.Sms,
        At = sms.Date,
        To = sms.To,
        Subject = MessageLinks.Without(sms.Text.TrimStart().Split('\n')[0]),
        Text = sms.Text,
        DeliveryId = sms.Id,
        Size = sms.Size,
    };

    public bool Contains(string words) => new[] { To, Subject, Text }.Any(part => part.Contains(words, StringComparison.CurrentCultureIgnoreCase));

    private static DateTimeOffset Written(FileInfo file) => new(file.LastWriteTimeUtc);
}
