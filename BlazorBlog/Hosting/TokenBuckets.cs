using System.Threading.RateLimiting;

namespace BlazorBlog.Hosting;

/// <summary>One bucket of tokens per key, kept in memory: each node counts for itself.</summary>
internal sealed class TokenBuckets(bool isEnabled, int limit, TimeSpan period) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _buckets = PartitionedRateLimiter.Create<string, string>(key => isEnabled
        // Token buckets, because a window limiter does not report when the next request is allowed.
        ? RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = limit,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = period / limit,
        })
        : RateLimitPartition.GetNoLimiter(""));

    /// <param name="key">Whose bucket.</param>
    /// <param name="retryAfter">When refused: how long to wait, at least a second.</param>
    public bool TryTake(string key, out TimeSpan retryAfter)
    {
        using var lease = _buckets.AttemptAcquire(key);
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
        return lease.IsAcquired;
    }

    public void Dispose() => _buckets.Dispose();
}
