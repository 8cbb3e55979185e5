using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace BlazorBlog.Hosting;

/// <summary>Limits how many comments one network address may post. Kept in memory, for each node by itself.</summary>
public sealed class CommentRateLimiter(RateLimitSettings settings) : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Edits, removals and reactions are quick to make and cost little.</summary>
    private const int ActionsPerComment = 10;

    private readonly PartitionedRateLimiter<IPAddress> _comments = Create(settings.Enabled, settings.CommentsPerMinute);

    private readonly PartitionedRateLimiter<IPAddress> _actions = Create(settings.Enabled, settings.CommentsPerMinute * ActionsPerComment);

    /// <param name="address">Of the caller.</param>
    /// <param name="retryAfter">When refused: how long to wait, at least a second.</param>
    public bool TryTake(IPAddress? address, out TimeSpan retryAfter) => TryTake(_comments, address, out retryAfter);

    /// <summary>As <see cref="TryTake(IPAddress?, out TimeSpan)"/>, for what one does with comments that are there.</summary>
    public bool TryTakeAction(IPAddress? address, out TimeSpan retryAfter) => TryTake(_actions, address, out retryAfter);

    public void Dispose()
    {
        _comments.Dispose();
        _actions.Dispose();
    }

    private static PartitionedRateLimiter<IPAddress> Create(bool isEnabled, int perMinute) => PartitionedRateLimiter.Create<IPAddress, string>(address =>
        isEnabled
            // A bucket, because a window does not say when it lets the next one in.
            ? RateLimitPartition.GetTokenBucketLimiter(Partition(address), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = perMinute,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = Minute / perMinute,
            })
            : RateLimitPartition.GetNoLimiter(""));

    private static bool TryTake(PartitionedRateLimiter<IPAddress> limiter, IPAddress? address, out TimeSpan retryAfter)
    {
        using var lease = limiter.AttemptAcquire(address ?? IPAddress.None);
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
        return lease.IsAcquired;
    }

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
