using System.Net;
using BlazorBlog.Hosting;

namespace BlazorBlog.Comments.Posting;

/// <summary>Limits how many comments one network address may post. Kept in memory, for each node by itself.</summary>
public sealed class CommentRateLimiter(RateLimitSettings settings) : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Edits, removals and reactions are quick to make and cost little.</summary>
    private const int ActionsPerComment = 10;

    private readonly TokenBuckets _comments = new(settings.Enabled, settings.CommentsPerMinute, Minute);

    private readonly TokenBuckets _actions = new(settings.Enabled, settings.CommentsPerMinute * ActionsPerComment, Minute);

    /// <param name="address">Of the caller.</param>
    /// <param name="retryAfter">When refused: how long to wait, at least a second.</param>
    public bool TryTake(IPAddress? address, out TimeSpan retryAfter) => _comments.TryTake(address.ToLimitKey(), out retryAfter);

    /// <summary>As <see cref="TryTake(IPAddress?, out TimeSpan)"/>, for what one does with comments that are there.</summary>
    public bool TryTakeAction(IPAddress? address, out TimeSpan retryAfter) => _actions.TryTake(address.ToLimitKey(), out retryAfter);

    public void Dispose()
    {
        _comments.Dispose();
        _actions.Dispose();
    }
}
