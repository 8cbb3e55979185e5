using System.Globalization;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Posts;

namespace BlazorBlog.DevMailbox;

/// <summary>Which messages are shown, as the address says it.</summary>
/// <param name="Show"><c>mail</c> or <c>sms</c>; anything else shows both.</param>
/// <param name="Q">Words to find in recipient, subject and text.</param>
/// <param name="Page">From 1; what is no number is the first page.</param>
public sealed record MailboxFilter(string? Show, string? Q, string? Page)
{
    public int Number => PageNumber.TryParse(Page, out var number) && number > 0 ? number : 1;

    public NotificationChannel? Channel => Show switch
    {
        "mail" => NotificationChannel.Email,
        "sms" => NotificationChannel.Sms,
        _ => null,
    };

    public string Words => Q?.Trim() ?? "";

    public bool IsEmpty => Channel is null && Words.Length == 0 && Number == 1;

    /// <summary>The query of an address that shows the same; empty or starting with a question mark.</summary>
    public QueryString ToQuery()
    {
        var query = Channel is null ? QueryString.Empty : QueryString.Create("show", Show!);
        query = Words.Length == 0 ? query : query.Add("q", Words);
        return Number == 1 ? query : query.Add("page", Number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The same on another page.</summary>
    public MailboxFilter At(int number) => this with { Page = number.ToString(CultureInfo.InvariantCulture) };

    public bool Matches(MailboxMessage message) => Allows(message.Channel) && message.Contains(Words);

    public bool Matches(UnsentNotification notice) => Allows(notice.Channel) && notice.Contains(Words);

    private bool Allows(NotificationChannel channel) => Channel is null || Channel == channel;
}
