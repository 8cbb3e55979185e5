using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Templates;

namespace BlazorBlog.Notifications.Email;

/// <summary>Mails about comments.</summary>
internal sealed class CommentEmailSource(
    EmailSettings email, SiteSettings site, NotificationLoader notices, NotificationLinks links, NotificationRenderer renderer, TimeProvider time) : IEmailSource
{
    public DeliveryPriority Priority => DeliveryPriority.Normal;

    public int Parallelism => email.Connections;

    public Task<IReadOnlyList<LoadedNotification>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        notices.ReadAsync(deliveries, cancellationToken);

    public async Task<EmailMessage> ComposeAsync(Notification notice)
    {
        var about = (CommentNotification)notice;
        var rendered = await renderer.RenderEmailAsync(about);
        var host = MessageId.DomainOf(site.BaseUrl);
        var isPersonal = about.Delivery.Event != NotificationEvent.CommentPublished;
        var reader = about.Delivery.RecipientKey;
        var thread = NotificationMessageId.OfPost(about.Post.Id, reader, host);
        return new EmailMessage
        {
            From = email.Sender(site),
            To = new Mailbox(about.Address, about.Name),
            Subject = rendered.Subject,
            Text = rendered.Text,
            Html = rendered.Html,
            MessageId = NotificationMessageId.Of(about.Delivery, host),
            Date = time.GetUtcNow(),
            QueuedAt = about.Delivery.CreatedAt,
            References = isPersonal ? [] : about.Comment.ParentId is { } parent ? [thread, NotificationMessageId.OfComment(parent, reader, host)] : [thread],
            ListId = isPersonal ? null : $"post-{about.Post.Id:N}.{host}",
            ListName = isPersonal ? null : about.Post.Title,
            // No unsubscribe link: another person may have typed the address, and a stop here would suppress the address's other mail too.
            Unsubscribe = isPersonal ? null : links.Unsubscribe(about),
            FeedbackId = $"{about.Delivery.Event}:{host}:comments:blazorblog",
        };
    }
}
