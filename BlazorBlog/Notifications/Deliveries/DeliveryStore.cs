using System.Collections.Concurrent;
using BlazorBlog.Accounts.Mail;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Recipients;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>Claims deliveries, writes down that attempts begin and what became of them.</summary>
internal sealed class DeliveryStore(
    IDbContextFactory<BlogDbContext> contexts,
    WriteGate gate,
    NodeId node,
    NotificationSettings settings,
    TimeProvider time)
{
    private readonly ConcurrentQueue<Starting> _starting = new();

    /// <summary>Leases due deliveries of a channel and priority to this node, oldest first.</summary>
    public async Task<IReadOnlyList<Delivery>> ClaimAsync(NotificationChannel channel, DeliveryPriority priority, int most, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();

        // Most looks find nothing; a read takes no turn at the gate, which only SQLite has.
        if (db.Database.IsSqlite() && !await db.Deliveries.AnyAsync(
            delivery => delivery.State == DeliveryState.Pending && delivery.Channel == channel && delivery.Priority == priority && delivery.DueAt <= now
                && (delivery.LeaseUntil == null || delivery.LeaseUntil < now),
            cancellationToken))
        {
            return [];
        }

        using var activity = NotificationTelemetry.Source.StartActivity(NotificationTelemetry.Claim);
        using var turn = await gate.EnterAsync(cancellationToken);
        return await db.Deliveries
            .FromSqlRaw(
                ClaimStatements.Deliveries(db),
                node.Value,
                ClaimStatements.LeaseParameter(db, now, settings.LeaseDuration),
                ClaimStatements.ToDbTimestamp(db, now),
                most,
                (int)channel,
                (int)DeliveryState.Pending,
                (int)priority)
            .AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Writes down, on its own and before the provider is called, that attempts begin, and begins their leases anew: after a crash this tells
    /// "perhaps sent" from "never sent". What other senders begin while this one waits for its turn is written in the same commit.
    /// </summary>
    /// <returns>Those that are still this node's; the others must not be sent.</returns>
    public async Task<IReadOnlySet<Guid>> StartSendingAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var own = new Starting(deliveries);
        _starting.Enqueue(own);
        using (await gate.EnterAsync(cancellationToken))
        {
            List<Starting> together = [];
            while (_starting.TryDequeue(out var next))
            {
                together.Add(next);
            }

            await StartTogetherAsync(together);
        }

        return await own.Begun.Task;
    }

    /// <summary>Saves results together, in one commit. Those whose lease went to another node are left out: that node writes its own.</summary>
    /// <param name="results">Where several are of one delivery, the last one counts.</param>
    /// <param name="isRepeat">An earlier call with some of them failed, and may have been committed nevertheless: those are left out as well.</param>
    /// <param name="cancellationToken">Stops before the save.</param>
    public async Task SaveAsync(IReadOnlyList<DeliveryResult> results, bool isRepeat, CancellationToken cancellationToken)
    {
        using var activity = NotificationTelemetry.Source.StartActivity(NotificationTelemetry.Mark);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var accountMails = results.Where(result => result.Delivery.Priority == DeliveryPriority.Account).Select(result => result.Delivery.Id).ToList();
        if (isRepeat)
        {
            results = await WithoutSavedAsync(db, results, cancellationToken);
        }

        foreach (var result in results.GroupBy(result => result.Delivery.Id).Select(ofOne => ofOne.Last()))
        {
            result.Apply(db.Attach(result.Delivery.Copy()).Entity);
        }

        db.DeliveryAttempts.AddRange(results.Select(result => result.Attempt).OfType<DeliveryAttempt>());

        await SuppressionList.AddAsync(db, [.. results.Select(result => result.Suppression).OfType<Suppression>()], cancellationToken);
        using var turn = await gate.EnterAsync(cancellationToken);
        await SaveOwnedAsync(db, cancellationToken);
        if (accountMails.Count > 0)
        {
            await AccountMail.ForgetFinishedAsync(db, accountMails, cancellationToken);
        }
    }

    private async Task StartTogetherAsync(List<Starting> together)
    {
        try
        {
            var now = time.GetUtcNow();
            var deliveries = together.SelectMany(starting => starting.Deliveries).ToList();
            var begun = deliveries.Count == 0 ? [] : await MarkAsync(deliveries.ConvertAll(delivery => delivery.Id), now);
            foreach (var delivery in deliveries)
            {
                if (begun.Contains(delivery.Id))
                {
                    delivery.StartedSending(now);
                }
                else
                {
                    NotificationTelemetry.LostLeases.Add(1, NotificationTelemetry.Channel(delivery.Channel));
                }
            }

            together.ForEach(starting => starting.Begun.SetResult(begun));
        }
#pragma warning disable CA1031 // Each sender that waits gets the failure.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            together.ForEach(starting => starting.Begun.TrySetException(exception));
        }
    }

    private async Task<HashSet<Guid>> MarkAsync(List<Guid> ids, DateTimeOffset now)
    {
        var owner = node.Value;
        // Shared by all that wait, so no one's cancellation ends it.
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        var own = db.Deliveries.Where(delivery => EF.Parameter(ids).Contains(delivery.Id) && delivery.LeaseOwner == owner);
        var marked = await ClaimStatements.RenewAsync(db, own, now, settings.LeaseDuration, isAttempt: true, CancellationToken.None);
        return marked == ids.Count ? [.. ids] : await own.Select(delivery => delivery.Id).ToHashSetAsync(CancellationToken.None);
    }

    private static async Task<IReadOnlyList<DeliveryResult>> WithoutSavedAsync(
        BlogDbContext db, IReadOnlyList<DeliveryResult> results, CancellationToken cancellationToken)
    {
        var ids = results.Select(result => result.Attempt?.Id).OfType<Guid>().ToList();
        var saved = await db.DeliveryAttempts.Where(attempt => ids.Contains(attempt.Id)).Select(attempt => attempt.Id).ToListAsync(cancellationToken);
        return [.. results.Where(result => result.Attempt is null || !saved.Contains(result.Attempt.Id))];
    }

    private async Task SaveOwnedAsync(BlogDbContext db, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateConcurrencyException conflict)
            {
                foreach (var entry in conflict.Entries)
                {
                    if (entry.Entity is not Delivery delivery)
                    {
                        entry.State = EntityState.Detached;
                    }
                    else if (await entry.GetDatabaseValuesAsync(cancellationToken) is { } stored && Equals(stored[nameof(Delivery.LeaseOwner)], node.Value))
                    {
                        // This node took its own lapsed lease again while the result was on its way.
                        entry.OriginalValues[nameof(Delivery.LeaseVersion)] = stored[nameof(Delivery.LeaseVersion)];
                    }
                    else
                    {
                        NotificationTelemetry.LostLeases.Add(1, NotificationTelemetry.Channel(delivery.Channel));
                        entry.State = EntityState.Detached;
                        db.ChangeTracker.Entries<DeliveryAttempt>().Where(attempt => attempt.Entity.DeliveryId == delivery.Id).ToList()
                            .ForEach(attempt => attempt.State = EntityState.Detached);
                    }
                }
            }
        }
    }

    private sealed class Starting(IReadOnlyList<Delivery> deliveries)
    {
        public IReadOnlyList<Delivery> Deliveries { get; } = deliveries;

        public TaskCompletionSource<IReadOnlySet<Guid>> Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
