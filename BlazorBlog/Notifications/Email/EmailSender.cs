using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Notices;

namespace BlazorBlog.Notifications.Email;

/// <summary>Composes the mails of one source and hands them to the configured transport.</summary>
internal sealed class EmailSender(IEmailTransport transport, IEmailSource source, NotificationSettings settings) : INoticeSender
{
    public NoticeChannel Channel => NoticeChannel.Email;

    public DeliveryPriority Priority => source.Priority;

    public int Parallelism => source.Parallelism;

    public int NoticesPerCall => 1;

    public bool RepeatsAreSeen => false;

    public TimeSpan Horizon => settings.EmailHorizon;

    public Task<IReadOnlyList<NoticeReading>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        source.ReadAsync(deliveries, cancellationToken);

    public async Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellationToken)
    {
        var results = new List<SendResult>(notices.Count);
        foreach (var notice in notices)
        {
            results.Add(await transport.SendAsync(await source.ComposeAsync(notice), cancellationToken));
        }

        return results;
    }

    public Task<SendResult?> FindAsync(Notice notice, DateTimeOffset startedAt, CancellationToken cancellationToken) => Task.FromResult<SendResult?>(null);
}
