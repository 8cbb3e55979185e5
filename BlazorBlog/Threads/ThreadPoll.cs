using BlazorBlog.Data;
using BlazorBlog.Posts.Caching;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Threads;

/// <summary>
/// Finds what other nodes changed, with one question for all threads that have readers. Where the database sends notifications, the query
/// runs seldom, and only covers notifications that were lost.
/// </summary>
internal sealed partial class ThreadPoll(
    IDbContextFactory<BlogDbContext> contexts,
    LiveThreads threads,
    ThreadSnapshots snapshots,
    PageVersions pages,
    DatabaseSettings database,
    TimeProvider time,
    ILogger<ThreadPoll> logger)
    : BackgroundService
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500), Long = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(database.Provider == DatabaseProvider.PostgreSql ? Long : Short, time);
        var isAway = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
                isAway = false;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // Log the first failure only: the poll runs twice a second.
                if (!isAway)
                {
                    LogLookFailed(exception);
                }

                isAway = true;
            }
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        var ids = threads.Active.ToList();
        if (ids.Count == 0)
        {
            return;
        }

        ids.ForEach(snapshots.Keep);
        await using var db = await contexts.CreateDbContextAsync(stoppingToken);
        var rows = await db.Posts.Where(post => EF.Parameter(ids).Contains(post.Id)).Select(post => new { post.Id, post.ThreadSequence }).ToListAsync(stoppingToken);
        foreach (var row in rows)
        {
            if (threads.WakeIfBehind(row.Id, row.ThreadSequence))
            {
                pages.RaiseThread(row.Id);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The threads of other nodes cannot be looked at")]
    private partial void LogLookFailed(Exception exception);
}
