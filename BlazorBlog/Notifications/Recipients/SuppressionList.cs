using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Recipients;

/// <summary>Reads and changes which addresses get nothing more. Idempotent, also for requests that arrive at the same moment.</summary>
public sealed class SuppressionList(UnitOfWork work, TimeProvider time)
{
    public Task AddAsync(string address, NotificationChannel channel, SuppressionReason reason, CancellationToken cancellationToken) =>
        work.RunUntilSavedAsync(db => AddAsync(db, [Suppression.Of(address, channel, reason, time.GetUtcNow())], cancellationToken), cancellationToken);

    /// <summary>Takes one reason back; others stay.</summary>
    public Task RemoveAsync(string address, NotificationChannel channel, SuppressionReason reason, CancellationToken cancellationToken) =>
        work.RunUntilSavedAsync(
            async db => db.Suppressions.RemoveRange(await db.Suppressions
                .Where(s => s.Address == address && s.Channel == channel && s.Reason == reason).ToListAsync(cancellationToken)),
            cancellationToken);

    /// <summary>Adds them to the caller's save; those that are known count from now on.</summary>
    public static async Task AddAsync(BlogDbContext db, IReadOnlyCollection<Suppression> suppressions, CancellationToken cancellationToken)
    {
        if (suppressions.Count == 0)
        {
            return;
        }

        var addresses = suppressions.Select(suppression => suppression.Address).ToList();
        var known = await db.Suppressions.Where(suppression => addresses.Contains(suppression.Address)).ToListAsync(cancellationToken);
        foreach (var suppression in suppressions)
        {
            if (known.Find(other => (other.Address, other.Channel, other.Reason) == (suppression.Address, suppression.Channel, suppression.Reason)) is { } same)
            {
                same.Renew(suppression);
            }
            else
            {
                known.Add(db.Suppressions.Add(suppression).Entity);
            }
        }
    }

    /// <returns>Of the addresses that get nothing at this moment, the reason that takes precedence.</returns>
    public static async Task<Dictionary<(string Address, NotificationChannel Channel), SuppressionReason>> ReadAsync(
        BlogDbContext db, IReadOnlyCollection<string> addresses, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var suppressions = await InForce(db, now).Where(suppression => addresses.Contains(suppression.Address)).ToListAsync(cancellationToken);
        return suppressions.GroupBy(suppression => (suppression.Address, suppression.Channel)).ToDictionary(group => group.Key, group => group.Max(suppression => suppression.Reason));
    }

    /// <summary>Those that have not expired.</summary>
    public static IQueryable<Suppression> InForce(BlogDbContext db, DateTimeOffset now) =>
        db.Suppressions.AsNoTracking().Where(suppression => suppression.ExpiresAt == null || suppression.ExpiresAt > now);
}
