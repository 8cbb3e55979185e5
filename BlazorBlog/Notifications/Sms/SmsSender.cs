using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Templates;

namespace BlazorBlog.Notifications.Sms;

/// <summary>Makes a text message of a notice and hands it to the configured transport.</summary>
internal sealed class SmsSender(ISmsTransport transport, NotificationSettings settings, NotificationLoader notices, NotificationRenderer renderer) : INotificationSender
{
    public NotificationChannel Channel => NotificationChannel.Sms;

    public DeliveryPriority Priority => DeliveryPriority.Normal;

    public int Parallelism => 2;

    public int NoticesPerCall => transport.MessagesPerCall;

    public bool RequiresDeduplication => true;

    public TimeSpan ExpiresAfter => settings.SmsHorizon;

    public Task<IReadOnlyList<LoadedNotification>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        notices.ReadAsync(deliveries, cancellationToken);

    public async Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<Notification> batch, CancellationToken cancellationToken) =>
        (await transport.SendAsync([.. batch.Select(Compose)], cancellationToken)).Results;

    public Task<SendResult?> FindAsync(Notification notice, DateTimeOffset startedAt, CancellationToken cancellationToken) =>
        transport.FindAsync(Compose(notice), startedAt, cancellationToken);

    private SmsMessage Compose(Notification notice) => new(notice.Delivery.Id, notice.Address, transport.Fit(renderer.SmsText((CommentNotification)notice)));
}
