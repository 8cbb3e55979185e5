using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

/// <summary>Composes the mails of one source and hands them to the configured transport.</summary>
internal sealed class EmailSender(IEmailTransport transport, IEmailSource source, EmailSettings email, NotificationSettings settings) : INotificationSender
{
    public NotificationChannel Channel => NotificationChannel.Email;

    public DeliveryPriority Priority => source.Priority;

    public int Parallelism => source.Parallelism;

    public int NoticesPerCall => 1;

    public bool RequiresDeduplication => false;

    /// <summary>A mail may wait as long for a connection as it may take on it, which is three times the timeout.</summary>
    public TimeSpan CallTimeout => email.Timeout * 7;

    public TimeSpan ExpiresAfter => settings.EmailHorizon;

    public Task<IReadOnlyList<LoadedNotification>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        source.ReadAsync(deliveries, cancellationToken);

    public async Task<OutgoingMessage> ComposeAsync(Notification notice) => await source.ComposeAsync(notice);

    public async Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        [await transport.SendAsync((EmailMessage)messages.Single(), cancellationToken)];

    public Task<SendResult?> FindAsync(OutgoingMessage message, DateTimeOffset startedAt, CancellationToken cancellationToken) => Task.FromResult<SendResult?>(null);
}
