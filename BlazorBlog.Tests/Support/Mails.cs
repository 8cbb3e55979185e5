using BlazorBlog.Notifications.Email;

namespace BlazorBlog.Support;

/// <summary>Mails with sensible defaults; a test states what matters to it.</summary>
public static class Mails
{
    private static int _last;

    public static EmailMessage New(string to = "jin@example.com") => new()
    {
        From = new Mailbox("blog@example.com", "A Blog"),
        To = new Mailbox(to, "Jin"),
        Subject = "New comment",
        Text = "Hello,\n\nsomeone commented.",
        Html = "<p>Hello,</p><p>someone commented.</p>",
        MessageId = $"c{Interlocked.Increment(ref _last)}.email@blog.example",
        Date = new DateTimeOffset(2026, 11, 23, 9, 30, 0, TimeSpan.FromHours(9)),
    };
}
