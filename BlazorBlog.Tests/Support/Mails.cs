using BlazorBlog.Notifications.Email;

namespace BlazorBlog.Support;

/// <summary>Mails with sensible defaults; a test states what matters to it.</summary>
public static class Mails
{
    private static int _last;

    /// <summary>The mail as a server gets it.</summary>
    public static byte[] Octets(EmailMessage message)
    {
        Assert.True(EmailEnvelope.TryCreate(message, out var envelope, out _));
        using var mail = MimeComposer.Compose(message, envelope);
        return mail.ToOctets(envelope);
    }

    public static EmailMessage New(string to = "jin@example.com") => new()
    {
        From = new Mailbox("blog@example.com", "A Blog"),
        To = new Mailbox(to, "Jin"),
        Subject = "New comment",
        Text = "Hello,\n\nsomeone commented.",
        Html = "<p>Hello,</p><p>someone commented.</p>",
        MessageId = $"c{Interlocked.Increment(ref _last)}.email@blog.example",
        Date = new DateTimeOffset(2026, 11, 23, 9, 30, 0, TimeSpan.FromHours(9)),
        QueuedAt = new DateTimeOffset(2026, 11, 23, 9, 30, 0, TimeSpan.FromHours(9)),
    };
}
