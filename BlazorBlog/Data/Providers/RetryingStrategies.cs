using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace BlazorBlog.Data.Providers;

/// <summary>
/// Retries for transient server errors: three times within about three seconds, because a reader waits. A timeout is not
/// retried: the reader has already waited the whole timeout, and a retry adds load to a server that is already too slow.
/// </summary>
internal static class Retries
{
    public const int Most = 3;

    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A save without a transaction of ours begins and commits its own, and EF would repeat it also when only the answer of the commit was
    /// lost: everything would then be inserted twice, or conflict with itself. <see cref="UnitOfWork"/> looks for that commit instead.
    /// </summary>
    public static bool MayRetry(DbContext context, Exception? exception) =>
        context is not BlogDbContext { Changes.IsCommitUnanswered: true } && exception is not (TimeoutException or DbException { InnerException: TimeoutException });
}

internal sealed class PostgreSqlRetryingStrategy(ExecutionStrategyDependencies dependencies)
    : NpgsqlRetryingExecutionStrategy(dependencies, Retries.Most, Retries.LongestDelay, errorCodesToAdd: null)
{
    protected override bool ShouldRetryOn(Exception? exception) => Retries.MayRetry(Dependencies.CurrentContext.Context, exception) && base.ShouldRetryOn(exception);
}

internal sealed class SqlServerRetryingStrategy(ExecutionStrategyDependencies dependencies)
    : SqlServerRetryingExecutionStrategy(dependencies, Retries.Most, Retries.LongestDelay, errorNumbersToAdd: null)
{
    protected override bool ShouldRetryOn(Exception exception) => Retries.MayRetry(Dependencies.CurrentContext.Context, exception) && base.ShouldRetryOn(exception);
}
