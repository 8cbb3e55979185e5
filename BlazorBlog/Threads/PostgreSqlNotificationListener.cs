using BlazorBlog.Data;
using BlazorBlog.Posts.Caching;
using Npgsql;

namespace BlazorBlog.Threads;

/// <summary>
/// Hears PostgreSQL's notifications on one connection of its own. A trigger sends them in the transaction that raises a thread's number
/// (migration LiveThreads), so they come exactly with the commit, from whichever node. The connection comes back by itself.
/// </summary>
internal sealed partial class PostgreSqlNotificationListener(
    IServiceProvider services, LiveThreads threads, PageVersions pages, DatabaseSettings database, TimeProvider time, ILogger<PostgreSqlNotificationListener> logger)
    : BackgroundService
{
    /// <summary>The trigger's channel; the payload is the post's id.</summary>
    private const string Channel = "blog_thread";

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250), LongestDelay = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = FirstDelay;
        while (database.Provider == DatabaseProvider.PostgreSql && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => delay = FirstDelay, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(exception, delay.TotalSeconds);
                await Task.Delay(delay, time, stoppingToken);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
    }

    private async Task ListenAsync(Action listening, CancellationToken stoppingToken)
    {
        await using var connection = services.GetRequiredService<NpgsqlDataSource>().CreateConnection();
        connection.Notification += (_, message) =>
        {
            if (Guid.TryParse(message.Payload, out var postId))
            {
                pages.RaiseThread(postId);
                threads.Wake(postId);
            }
        };
        await connection.OpenAsync(stoppingToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        listening();
        // Notifications sent before LISTEN are lost, so treat everything as changed.
        pages.RaiseAll();
        threads.WakeAll();
        while (true)
        {
            await connection.WaitAsync(stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The connection for wake-ups between nodes is lost; trying again in {Seconds} s")]
    private partial void LogLost(Exception exception, double seconds);
}
