using BlazorBlog.Data;
using BlazorBlog.Notifications.Recipients;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>Writes what SMS providers report later into the ledger. Reports come in any order and more than once; the ledger never goes back.</summary>
internal sealed class DeliveryReports(UnitOfWork work, SuppressionList suppressions, TimeProvider time) : IDeliveryReports
{
    public async Task ApplyAsync(IReadOnlyList<DeliveryReport> reports, CancellationToken cancellationToken)
    {
        foreach (var report in reports)
        {
            await ApplyAsync(report, cancellationToken);
        }
    }

    /// <summary>Each in a save of its own: a concurrency conflict with a sender on one row must not roll back the other reports.</summary>
    private Task ApplyAsync(DeliveryReport report, CancellationToken cancellationToken) => work.RunUntilSavedAsync(
        async db =>
        {
            var now = time.GetUtcNow();
            if (await FindAsync(db, report, cancellationToken) is { } delivery
                && delivery.Report(StateOf(report), report.ProviderId, report.Code, report.Text, now)
                && report.Failure is { Suppress: { } reason }
                && await PhoneOfAsync(db, delivery, cancellationToken) is { } phone)
            {
                await SuppressionList.AddAsync(db, [Suppression.Of(phone, NotificationChannel.Sms, reason, now)], cancellationToken);
            }
        },
        cancellationToken);

    public Task OptOutAsync(string phone, CancellationToken cancellationToken) =>
        suppressions.AddAsync(phone, NotificationChannel.Sms, SuppressionReason.OptedOut, cancellationToken);

    public Task OptInAsync(string phone, CancellationToken cancellationToken) =>
        suppressions.RemoveAsync(phone, NotificationChannel.Sms, SuppressionReason.OptedOut, cancellationToken);

    private static DeliveryState StateOf(DeliveryReport report) => report.Status switch
    {
        DeliveryReportStatus.Delivered => DeliveryState.Delivered,
        DeliveryReportStatus.Failed => DeliveryState.Undelivered,
        _ => DeliveryState.Accepted,
    };

    private static async Task<Delivery?> FindAsync(BlogDbContext db, DeliveryReport report, CancellationToken cancellationToken) =>
        report.DeliveryId is { } id
            ? await db.Deliveries.SingleOrDefaultAsync(delivery => delivery.Id == id && delivery.Channel == NotificationChannel.Sms, cancellationToken)
            : await db.Deliveries.Where(delivery => delivery.ProviderId == report.ProviderId && delivery.Channel == NotificationChannel.Sms)
                .OrderByDescending(delivery => delivery.Id).FirstOrDefaultAsync(cancellationToken);

    private static async Task<string?> PhoneOfAsync(BlogDbContext db, Delivery delivery, CancellationToken cancellationToken)
    {
        if (RecipientKey.Phone(delivery.RecipientKey) is { } phone)
        {
            return phone;
        }

        return RecipientKey.UserId(delivery.RecipientKey) is { } id
            ? await db.Users.Where(u => u.Id == id).Select(u => u.PhoneNumber).SingleOrDefaultAsync(cancellationToken)
            : null;
    }
}
