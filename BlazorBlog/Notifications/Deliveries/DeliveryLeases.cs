using System.Collections.Concurrent;
using BlazorBlog.Data;
using BlazorBlog.Data.Providers;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>
/// The deliveries that this node has claimed and whose result is not in the database yet. Their leases are renewed until then: a lease that
/// ran out while its owner lives would have another node send the same notice.
/// </summary>
internal sealed partial class DeliveryLeases(
    IDbContextFactory<BlogDbContext> contexts, WriteGate gate, NodeId node, NotificationSettings settings, TimeProvider time, ILogger<DeliveryLeases> logger)
{
    /// <summary>Two renewals in a row may fail before a lease runs out.</summary>
    private const int RenewalsPerLease = 3;

    /// <summary>Below the number of parameters that SQL Server takes.</summary>
    private const int RowsPerStatement = 1000;

    private readonly ConcurrentDictionary<Guid, Delivery> _held = [];

    /// <returns>False when this node holds it already: its lease ran out while the database was away, and the one in hand goes on.</returns>
    public bool Hold(Delivery claimed)
    {
        var held = _held.GetOrAdd(claimed.Id, claimed);
        if (ReferenceEquals(held, claimed))
        {
            return true;
        }

        held.ClaimedAgain(claimed);
        return false;
    }

    /// <summary>Its result is saved, or will never be.</summary>
    public void Drop(Guid deliveryId) => _held.TryRemove(deliveryId, out _);

    /// <summary>
    /// Rows that were inserted as this node's carry its own clock's time; where the database has one, theirs is set to that. Until then
    /// another node may take them, which is noticed before they are sent.
    /// </summary>
    public async Task RedateAsync(IReadOnlyCollection<Delivery> inserted, CancellationToken cancellationToken)
    {
        if (inserted.Count == 0 || gate.IsSingleWriter)
        {
            return;
        }

        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await RenewAsync(db, [.. inserted.Select(delivery => delivery.Id)], cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsOfDatabase(exception))
        {
            // The next renewal does it.
            LogRenewalFailed(exception, inserted.Count);
        }
    }

    /// <summary>Renews until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(settings.LeaseDuration / RenewalsPerLease, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await RenewAsync(stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                LogRenewalFailed(exception, _held.Count);
            }
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var ids in _held.Keys.Chunk(RowsPerStatement))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            using var turn = await gate.EnterAsync(cancellationToken);
            await RenewAsync(db, ids, cancellationToken);
        }
    }

    private Task RenewAsync(BlogDbContext db, Guid[] ids, CancellationToken cancellationToken)
    {
        var owner = node.Value;
        var rows = db.Deliveries.Where(delivery => EF.Parameter(ids).Contains(delivery.Id) && delivery.LeaseOwner == owner);
        return ClaimStatements.RenewAsync(db, rows, time.GetUtcNow(), settings.LeaseDuration, isAttempt: false, cancellationToken);
    }

    [LoggerMessage(LogLevel.Error, "The leases of {Count} deliveries could not be renewed")]
    private partial void LogRenewalFailed(Exception exception, int count);
}
