using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Notices;

namespace BlazorBlog.Notifications.Email;

/// <summary>Makes a mail of a notice and hands it to the configured transport.</summary>
internal sealed class EmailNoticeSender(
    IEmailTransport transport,
    EmailSettings email,
    NotificationSettings settings,
    SiteSettings site,
    NoticeLinks links,
    NoticeRenderer renderer) : INoticeSender
{
    public NoticeChannel Channel => NoticeChannel.Email;

    public int Parallelism => email.Connections;

    public int NoticesPerCall => 1;

    public bool RepeatsAreSeen => false;

    public TimeSpan Horizon => settings.EmailHorizon;

    public async Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellationToken)
    {
        var results = new List<SendResult>(notices.Count);
        foreach (var notice in notices)
        {
            results.Add(await transport.SendAsync(await ComposeAsync(notice), cancellationToken));
        }

        return results;
    }

    public Task<SendResult?> FindAsync(Notice notice, DateTimeOffset startedAt, CancellationToken cancellationToken) => Task.FromResult<SendResult?>(null);

    private async Task<EmailMessage> ComposeAsync(Notice notice)
    {
        var rendered = await renderer.RenderEmailAsync(notice);
        var host = MessageId.DomainOf(site.BaseUrl);
        var isPersonal = notice.Delivery.Event != NoticeEvent.CommentPublished;
        var reader = notice.Delivery.RecipientKey;
        var thread = NoticeMessageId.OfPost(notice.Post.Id, reader, host);
        return new EmailMessage
        {
            From = email.Sender(site),
            To = new Mailbox(notice.Address, notice.Name),
            Subject = rendered.Subject,
            Text = rendered.Text,
            Html = rendered.Html,
            MessageId = NoticeMessageId.Of(notice.Delivery, host),
            // Not the moment of this attempt: a repeat is the same mail to the letter.
            Date = notice.Delivery.CreatedAt,
            References = isPersonal ? [] : notice.Comment.ParentId is { } parent ? [thread, NoticeMessageId.OfComment(parent, reader, host)] : [thread],
            ListId = isPersonal ? null : $"post-{notice.Post.Id:N}.{host}",
            ListName = isPersonal ? null : notice.Post.Title,
            // Somebody else may have typed the address, and comments have to be looked after: whoever says no to these must not lose other mail.
            Unsubscribe = isPersonal ? null : links.Unsubscribe(notice),
            FeedbackId = $"{notice.Delivery.Event}:{host}:comments:blazorblog",
        };
    }
}
