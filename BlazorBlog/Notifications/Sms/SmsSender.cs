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

    /// <summary>A call that is refused as a whole is halved, and sent again and again.</summary>
    public TimeSpan CallTimeout => ProviderClient.DefaultTimeout * 4;

    public TimeSpan ExpiresAfter => settings.SmsHorizon;

    public Task<IReadOnlyList<LoadedNotification>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        notices.ReadAsync(deliveries, cancellationToken);

    public Task<OutgoingMessage> ComposeAsync(Notification notice)
    {
        var text = renderer.SmsText((CommentNotification)notice);
        return Task.FromResult<OutgoingMessage>(new SmsMessage(notice.Delivery.Id, notice.Address, transport.Fit(text)) { Link = text.LinkText });
    }

    public async Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        (await transport.SendAsync([.. messages.Cast<SmsMessage>()], cancellationToken)).Results;

    public Task<SendResult?> FindAsync(OutgoingMessage message, DateTimeOffset startedAt, CancellationToken cancellationToken) =>
        transport.FindAsync((SmsMessage)message, startedAt, cancellationToken);
}
