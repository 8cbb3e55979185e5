using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Notices;

namespace BlazorBlog.Notifications.Sms;

/// <summary>Makes a text message of a notice and hands it to the configured transport.</summary>
internal sealed class SmsNoticeSender(ISmsTransport transport, NotificationSettings settings, NoticeReader notices, NoticeRenderer renderer) : INoticeSender
{
    public NoticeChannel Channel => NoticeChannel.Sms;

    public DeliveryPriority Priority => DeliveryPriority.Normal;

    public int Parallelism => 2;

    public int NoticesPerCall => transport.MessagesPerCall;

    public bool RepeatsAreSeen => true;

    public TimeSpan Horizon => settings.SmsHorizon;

    public Task<IReadOnlyList<NoticeReading>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        notices.ReadAsync(deliveries, cancellationToken);

    public async Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<Notice> batch, CancellationToken cancellationToken) =>
        (await transport.SendAsync([.. batch.Select(Compose)], cancellationToken)).Results;

    public Task<SendResult?> FindAsync(Notice notice, DateTimeOffset startedAt, CancellationToken cancellationToken) =>
        transport.FindAsync(Compose(notice), startedAt, cancellationToken);

    private SmsMessage Compose(Notice notice) => new(notice.Delivery.Id, notice.Address, transport.Fit(renderer.SmsText((CommentNotice)notice)));
}
