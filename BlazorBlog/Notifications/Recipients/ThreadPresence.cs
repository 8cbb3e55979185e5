using System.Collections.Concurrent;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Recipients;

/// <summary>
/// Knows which people have which thread visible, so that a reader who sees a comment appear gets no mail about it. Each presence is
/// a lease in the database: another node may plan the notice, and the leases of a node that died expire.
/// </summary>
internal sealed partial class ThreadPresence(
    IDbContextFactory<BlogDbContext> contexts,
    WriteGate gate,
    OutboxSignal signal,
    NotificationSettings notifications,
    TimeProvider time,
    ILogger<ThreadPresence> logger) : BackgroundService
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(45), Renewal = TimeSpan.FromSeconds(15), Forget = TimeSpan.FromHours(1);

    /// <summary>The fan-out of a comment that is already on the screen may still be under way.</summary>
    private const int LooksForDeliveries = 10;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, byte> _windows = new();

    /// <summary>A window with the thread came into sight.</summary>
    public Task EnterAsync(Guid postId, string recipientKey, Guid windowId, CancellationToken cancellationToken) =>
        TryAsync(() => AddAsync(postId, recipientKey, windowId, cancellationToken));

    /// <summary>The window is hidden. Notices held back for the reader become due, unless another window of theirs still shows the thread.</summary>
    public Task LeaveAsync(Guid postId, string recipientKey, Guid windowId) => TryAsync(() => RemoveAsync(postId, recipientKey, windowId));

    /// <summary>Comments were in sight long enough to be read: their notices to this person are withdrawn.</summary>
    public Task SeeAsync(string recipientKey, IReadOnlyCollection<Guid> commentIds, CancellationToken cancellationToken) =>
        TryAsync(() => WithdrawWhenPlannedAsync(recipientKey, commentIds, cancellationToken));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Renewal, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RenewAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogRenewalFailed(exception);
            }
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var windows = _windows.Keys.ToList();
        if (windows.Count == 0)
        {
            return;
        }

        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        await db.ThreadReaders.Where(reader => EF.Parameter(windows).Contains(reader.WindowId))
            .ExecuteUpdateAsync(set => set.SetProperty(reader => reader.Until, now + Lease), cancellationToken);
        await db.ThreadReaders.Where(reader => reader.Until < now - Forget).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>A reader's window must not fail because the database is away; the lease expires, and an unneeded notice is sent.</summary>
    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (OperationCanceledException)
        {
            // The window was closed.
        }
#pragma warning disable CA1031 // See the summary.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogPresenceFailed(exception);
        }
    }

    private async Task AddAsync(Guid postId, string recipientKey, Guid windowId, CancellationToken cancellationToken)
    {
        _windows.TryAdd(windowId, 0);
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var until = time.GetUtcNow() + Lease;
        if (await db.ThreadReaders.FindAsync([postId, recipientKey, windowId], cancellationToken) is { } known)
        {
            known.Until = until;
        }
        else
        {
            db.ThreadReaders.Add(new ThreadReader { PostId = postId, RecipientKey = recipientKey, WindowId = windowId, Until = until });
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task RemoveAsync(Guid postId, string recipientKey, Guid windowId)
    {
        _windows.TryRemove(windowId, out _);
        using var turn = await gate.EnterAsync(CancellationToken.None);
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        var now = time.GetUtcNow();
        await db.ThreadReaders.Where(reader => reader.PostId == postId && reader.RecipientKey == recipientKey && reader.WindowId == windowId).ExecuteDeleteAsync();
        if (await db.ThreadReaders.AnyAsync(reader => reader.PostId == postId && reader.RecipientKey == recipientKey && reader.Until > now))
        {
            return;
        }

        // A notice that a provider put off, or that is still in its delay for edits, keeps its own time.
        var held = now - notifications.HoldFor;
        var due = await db.Deliveries
            .Where(delivery => delivery.RecipientKey == recipientKey && delivery.State == DeliveryState.Pending
                && delivery.Event == NotificationEvent.CommentPublished && delivery.Attempts == 0 && delivery.LeaseOwner == null && delivery.DueAt > now
                && db.Comments.Any(comment => comment.Id == delivery.CommentId && comment.PostId == postId && comment.CreatedAt <= held))
            .ExecuteUpdateAsync(set => set.SetProperty(delivery => delivery.DueAt, now));
        if (due > 0)
        {
            signal.Notify();
        }
    }

    private async Task WithdrawWhenPlannedAsync(string recipientKey, IReadOnlyCollection<Guid> commentIds, CancellationToken cancellationToken)
    {
        for (var look = 0; look < LooksForDeliveries; look++)
        {
            commentIds = await WithdrawAsync(recipientKey, commentIds, cancellationToken);
            if (commentIds.Count == 0)
            {
                return;
            }

            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }

    /// <summary>Waits for its turn to write only when there is something to withdraw: most of what is seen has no notice to this reader.</summary>
    /// <returns>The comments with something left to wait for.</returns>
    private async Task<IReadOnlyCollection<Guid>> WithdrawAsync(string recipientKey, IReadOnlyCollection<Guid> commentIds, CancellationToken cancellationToken)
    {
        var unplanned = await ReadUnplannedAsync(commentIds, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var pending = db.Deliveries.Where(delivery => EF.Parameter(commentIds).Contains(delivery.CommentId!.Value) && delivery.RecipientKey == recipientKey
            && delivery.Event == NotificationEvent.CommentPublished && delivery.State == DeliveryState.Pending);
        var before = await pending.AsNoTracking().Select(delivery => new { delivery.CommentId, delivery.LeaseOwner }).ToListAsync(cancellationToken);
        var open = unplanned.Concat(before.Where(delivery => delivery.LeaseOwner is not null).Select(delivery => delivery.CommentId!.Value)).ToHashSet();
        if (before.TrueForAll(delivery => delivery.LeaseOwner is not null))
        {
            return open;
        }

        using var turn = await gate.EnterAsync(cancellationToken);
        var now = time.GetUtcNow();
        foreach (var delivery in await pending.Where(delivery => delivery.LeaseOwner == null && delivery.SendStartedAt == null && delivery.Attempts == 0).ToListAsync(cancellationToken))
        {
            delivery.NotSent(NotSentReason.SeenLive, now);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // A dispatcher claimed one meanwhile; the next look finds it sent or released.
            return commentIds;
        }

        return open;
    }

    /// <summary>Read before the deliveries: what is planned in between is found among them.</summary>
    private async Task<List<Guid>> ReadUnplannedAsync(IReadOnlyCollection<Guid> commentIds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.OutboxMessages
            .Where(message => EF.Parameter(commentIds).Contains(message.CommentId) && message.Kind == OutboxKind.CommentPublished && message.ProcessedAt == null)
            .Select(message => message.CommentId).ToListAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "A reader's presence could not be written down")]
    private partial void LogPresenceFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Readers' presence could not be renewed; their notices may be sent sooner than needed")]
    private partial void LogRenewalFailed(Exception exception);
}
