using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

/// <summary>Composes the mails of one source and hands them to the configured transport.</summary>
internal sealed class EmailSender(IEmailTransport transport, IEmailSource source, NotificationSettings settings) : INotificationSender
{
    public NotificationChannel Channel => NotificationChannel.Email;

    public DeliveryPriority Priority => source.Priority;

    public int Parallelism => source.Parallelism;

    public int NoticesPerCall => 1;

    public bool RequiresDeduplication => false;

    public TimeSpan ExpiresAfter => settings.EmailHorizon;

    public Task<IReadOnlyList<LoadedNotification>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        source.ReadAsync(deliveries, cancellationToken);

    public async Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<Notification> notices, CancellationToken cancellationToken)
    {
        var results = new List<SendResult>(notices.Count);
        foreach (var notice in notices)
        {
            results.Add(await transport.SendAsync(await source.ComposeAsync(notice), cancellationToken));
        }

        return results;
    }

    public Task<SendResult?> FindAsync(Notification notice, DateTimeOffset startedAt, CancellationToken cancellationToken) => Task.FromResult<SendResult?>(null);
}
