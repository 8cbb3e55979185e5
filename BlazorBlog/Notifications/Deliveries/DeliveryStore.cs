using BlazorBlog.Accounts.Mail;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Recipients;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>Claims deliveries and writes down what became of them.</summary>
internal sealed class DeliveryStore(
    IDbContextFactory<BlogDbContext> contexts,
    WriteGate gate,
    NodeId node,
    NotificationSettings settings,
    TimeProvider time)
{
    /// <summary>Leases due deliveries of a channel and priority to this node, oldest first.</summary>
    public async Task<IReadOnlyList<Delivery>> ClaimAsync(NotificationChannel channel, DeliveryPriority priority, int most, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();

        // Most looks find nothing; a read takes no turn at the gate.
        var isAnyDue = await db.Deliveries.AnyAsync(
            delivery => delivery.State == DeliveryState.Pending && delivery.Channel == channel && delivery.Priority == priority && delivery.DueAt <= now
                && (delivery.LeaseUntil == null || delivery.LeaseUntil < now),
            cancellationToken);
        if (!isAnyDue)
        {
            return [];
        }

        using var activity = NotificationTelemetry.Source.StartActivity(NotificationTelemetry.Claim);
        using var turn = await gate.EnterAsync(cancellationToken);
        return await db.Deliveries
            .FromSqlRaw(
                ClaimStatements.Deliveries(db),
                node.Value,
                ClaimStatements.ToDbTimestamp(db, now + settings.LeaseDuration),
                ClaimStatements.ToDbTimestamp(db, now),
                most,
                (int)channel,
                (int)DeliveryState.Pending,
                (int)priority)
            .AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Writes down, on its own and before the provider is called, that an attempt begins: after a crash this tells "perhaps sent" from
    /// "never sent".
    /// </summary>
    /// <returns>False when a lease among them was lost: nothing may be sent.</returns>
    public async Task<bool> StartSendingAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ids = deliveries.Select(delivery => delivery.Id).ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        using var turn = await gate.EnterAsync(cancellationToken);
        var marked = await db.Deliveries
            .Where(delivery => ids.Contains(delivery.Id) && delivery.LeaseOwner == node.Value && delivery.LeaseUntil > now)
            .ExecuteUpdateAsync(set => set.SetProperty(delivery => delivery.SendStartedAt, now), cancellationToken);
        if (marked != deliveries.Count)
        {
            NotificationTelemetry.LostLeases.Add(deliveries.Count - marked, NotificationTelemetry.Channel(deliveries[0].Channel));
            return false;
        }

        foreach (var delivery in deliveries)
        {
            delivery.StartedSending(now);
        }

        return true;
    }

    /// <summary>Saves results together, in one commit. Those whose lease went to another node are left out: that node writes its own.</summary>
    /// <param name="results">Of different deliveries.</param>
    /// <param name="isRepeat">An earlier call with some of them failed, and may have been committed nevertheless: those are left out as well.</param>
    /// <param name="cancellationToken">Stops before the save.</param>
    public async Task SaveAsync(IReadOnlyList<DeliveryResult> results, bool isRepeat, CancellationToken cancellationToken)
    {
        using var activity = NotificationTelemetry.Source.StartActivity(NotificationTelemetry.Mark);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (isRepeat)
        {
            results = await WithoutSavedAsync(db, results, cancellationToken);
        }

        foreach (var result in results)
        {
            result.Apply(db.Attach(result.Delivery.Copy()).Entity);
            if (result.Attempt is not null)
            {
                db.DeliveryAttempts.Add(result.Attempt);
            }
        }

        await AddSuppressionsAsync(db, results, cancellationToken);
        using var turn = await gate.EnterAsync(cancellationToken);
        await SaveOwnedAsync(db, cancellationToken);
        var accountMails = results.Where(result => result.Delivery.Priority == DeliveryPriority.Account).Select(result => result.Delivery.Id).ToList();
        if (accountMails.Count > 0)
        {
            await AccountMail.ForgetFinishedAsync(db, accountMails, cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<DeliveryResult>> WithoutSavedAsync(
        BlogDbContext db, IReadOnlyList<DeliveryResult> results, CancellationToken cancellationToken)
    {
        var ids = results.Select(result => result.Attempt?.Id).OfType<Guid>().ToList();
        var saved = await db.DeliveryAttempts.Where(attempt => ids.Contains(attempt.Id)).Select(attempt => attempt.Id).ToListAsync(cancellationToken);
        return [.. results.Where(result => result.Attempt is null || !saved.Contains(result.Attempt.Id))];
    }

    private static async Task SaveOwnedAsync(BlogDbContext db, CancellationToken cancellationToken)
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
                    if (entry.Entity is Delivery lost)
                    {
                        NotificationTelemetry.LostLeases.Add(1, NotificationTelemetry.Channel(lost.Channel));
                    }

                    entry.State = EntityState.Detached;
                }
            }
        }
    }

    private static Task AddSuppressionsAsync(BlogDbContext db, IReadOnlyList<DeliveryResult> results, CancellationToken cancellationToken) =>
        SuppressionList.AddAsync(db, [.. results.Select(result => result.Suppression).OfType<Suppression>()], cancellationToken);
}
