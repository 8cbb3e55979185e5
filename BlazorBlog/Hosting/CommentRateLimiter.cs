using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace BlazorBlog.Hosting;

/// <summary>Limits how many comments one network address may post. Kept in memory, for each node by itself.</summary>
public sealed class CommentRateLimiter(RateLimitSettings settings) : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, string>(address =>
        settings.Enabled
            // A bucket, because a window does not say when it lets the next one in.
            ? RateLimitPartition.GetTokenBucketLimiter(Partition(address), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = settings.CommentsPerMinute,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = Minute / settings.CommentsPerMinute,
            })
            : RateLimitPartition.GetNoLimiter(""));

    /// <param name="address">Of the caller.</param>
    /// <param name="retryAfter">When refused: how long to wait, at least a second.</param>
    public bool TryTake(IPAddress? address, out TimeSpan retryAfter)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    /// <summary>A household with IPv6 has a whole /64 to post from.</summary>
    private static string Partition(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
