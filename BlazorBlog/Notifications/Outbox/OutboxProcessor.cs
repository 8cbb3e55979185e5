using System.Data.Common;
using System.Diagnostics;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Outbox;

/// <summary>
/// Turns each outbox message into one delivery per recipient and channel, with the reason for each that is not sent, and marks the
/// message done in the same transaction.
/// </summary>
internal sealed partial class OutboxProcessor(
    IDbContextFactory<BlogDbContext> contexts,
    UnitOfWork work,
    WriteGate gate,
    NodeId node,
    DeliveryPlanner planner,
    NotificationSettings settings,
    TimeProvider time,
    ILogger<OutboxProcessor> logger)
{
    private const int BatchSize = 20;

    private static readonly TimeSpan FailureDelay = TimeSpan.FromMinutes(1);

    /// <param name="capacity">How many more deliveries of a channel this node may hold; what is beyond is left for a later claim.</param>
    /// <param name="cancellationToken">Stops between messages.</param>
    /// <returns>The deliveries that are this node's to send now, and whether there may be more messages.</returns>
    public async Task<(IReadOnlyList<Delivery> Leased, bool More)> RunAsync(Func<NotificationChannel, int> capacity, CancellationToken cancellationToken)
    {
        var messages = await ClaimAsync(cancellationToken);
        if (messages.Count == 0)
        {
            return ([], false);
        }

        using var activities = new CausedActivities(NotificationTelemetry.FanOut, ActivityKind.Consumer, messages.Select(message => message.TraceParent));
        List<Delivery> leased = [];
        try
        {
            // Claimed messages are finished without cancellation: otherwise they would stay blocked until their lease expires.
            leased.AddRange(await ProcessAsync(messages, capacity, CancellationToken.None));
        }
        catch (Exception exception) when (exception is not OperationCanceledException && messages.Count > 1)
        {
            // One of them fails: process them one by one, so that the others are still fanned out.
            foreach (var message in messages)
            {
                leased.AddRange(await ProcessAloneAsync(message, capacity));
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await PostponeAsync(messages[0], exception);
        }

        activities.SetTags(
            NotificationTelemetry.DeliveriesTag,
            messages.Select(message => (object?)leased.Count(delivery => (delivery.CommentId, delivery.EventNumber) == (message.CommentId, message.EventNumber))));
        return (leased, messages.Count == BatchSize);
    }

    private async Task<IReadOnlyList<Delivery>> ProcessAloneAsync(OutboxMessage message, Func<NotificationChannel, int> capacity)
    {
        try
        {
            return await ProcessAsync([message], capacity, CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await PostponeAsync(message, exception);
            return [];
        }
    }

    private async Task<List<OutboxMessage>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();

        // Most looks find nothing; a read takes no turn at the gate, which only SQLite has.
        if (db.Database.IsSqlite() && !await db.OutboxMessages.AnyAsync(message => message.ProcessedAt == null && (message.LeaseUntil == null || message.LeaseUntil < now), cancellationToken))
        {
            return [];
        }

        using var turn = await gate.EnterAsync(cancellationToken);
        return await db.OutboxMessages
            .FromSqlRaw(ClaimStatements.OutboxMessages(db), node.Value, ClaimStatements.LeaseParameter(db, now, settings.LeaseDuration), ClaimStatements.ToDbTimestamp(db, now), BatchSize)
            .AsNoTracking().ToListAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<Delivery>> ProcessAsync(
        IReadOnlyList<OutboxMessage> messages, Func<NotificationChannel, int> capacity, CancellationToken cancellationToken)
    {
        var deliveries = await PlanAsync(messages, cancellationToken);
        var now = time.GetUtcNow();
        var leased = new List<Delivery>();
        foreach (var group in deliveries.Where(delivery => !delivery.IsFinished && delivery.DueAt <= now).GroupBy(delivery => delivery.Channel))
        {
            leased.AddRange(group.Take(capacity(group.Key)).Select(delivery => delivery.LeasedTo(node.Value, now + settings.LeaseDuration)));
        }

        await work.RunAsync(
            db =>
            {
                db.Deliveries.AddRange(deliveries);
                foreach (var message in messages)
                {
                    db.Attach(message.Copy()).Entity.Complete(now);
                }

                return Task.CompletedTask;
            },
            cancellationToken);
        return leased;
    }

    private async Task<IReadOnlyList<Delivery>> PlanAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await planner.PlanAsync(db, messages, cancellationToken);
    }

    /// <summary>Never throws: what the others of the batch have leased must still be sent. The lease runs out where this fails.</summary>
    private async Task PostponeAsync(OutboxMessage message, Exception failure)
    {
        LogFanOutFailed(failure, message.Id);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            db.Attach(message.Copy()).Entity.Postpone($"{failure.GetType().Name}: {failure.Message}", time.GetUtcNow() + FailureDelay);
            using var turn = await gate.EnterAsync(CancellationToken.None);
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbException exception)
        {
            LogPostponeFailed(exception, message.Id);
        }
        catch (DbUpdateException exception)
        {
            LogPostponeFailed(exception, message.Id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Outbox message {MessageId} could not be postponed either")]
    private partial void LogPostponeFailed(Exception exception, Guid messageId);

    [LoggerMessage(LogLevel.Error, "Outbox message {MessageId} could not be fanned out")]
    private partial void LogFanOutFailed(Exception exception, Guid messageId);
}
