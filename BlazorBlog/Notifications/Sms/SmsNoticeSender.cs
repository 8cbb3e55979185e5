using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Notices;

namespace BlazorBlog.Notifications.Sms;

/// <summary>Makes a text message of a notice and hands it to the configured transport.</summary>
internal sealed class SmsNoticeSender(ISmsTransport transport, NotificationSettings settings, NoticeRenderer renderer) : INoticeSender
{
    public NoticeChannel Channel => NoticeChannel.Sms;

    public int Parallelism => 2;

    public int NoticesPerCall => transport.MessagesPerCall;

    public bool RepeatsAreSeen => true;

    public TimeSpan Horizon => settings.SmsHorizon;

    public async Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellationToken) =>
        (await transport.SendAsync([.. notices.Select(Compose)], cancellationToken)).Results;

    public Task<SendResult?> FindAsync(Notice notice, DateTimeOffset startedAt, CancellationToken cancellationToken) =>
        transport.FindAsync(Compose(notice), startedAt, cancellationToken);

    private SmsMessage Compose(Notice notice) => new(notice.Delivery.Id, notice.Address, transport.Fit(renderer.SmsText(notice)));
}
