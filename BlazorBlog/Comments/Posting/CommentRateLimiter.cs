using System.Net;
using BlazorBlog.Hosting;

namespace BlazorBlog.Comments.Posting;

/// <summary>Limits how many comments one network address may post. Kept in memory, for each node by itself.</summary>
public sealed class CommentRateLimiter(RateLimitSettings settings) : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Edits, removals and reactions are quick to make and cost little.</summary>
    private const int ActionsPerComment = 10;

    /// <summary>While somebody types, the script asks again after each pause.</summary>
    private const int PreviewsPerComment = 20;

    /// <summary>A household shares an address; nobody else without a cookie reacts to the same comment from it.</summary>
    private const int StrangersPerComment = 5;

    /// <summary>As many known guests as a school behind one address may have; whoever collects cookies gets no further.</summary>
    private const int GuestReactionsPerComment = 50;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TokenBuckets _comments = new(settings.Enabled, settings.CommentsPerMinute, Minute);

    private readonly TokenBuckets _actions = new(settings.Enabled, settings.CommentsPerMinute * ActionsPerComment, Minute);

    private readonly TokenBuckets _previews = new(settings.Enabled, settings.CommentsPerMinute * PreviewsPerComment, Minute);

    private readonly TokenBuckets _strangers = new(settings.Enabled, StrangersPerComment, Hour);

    private readonly TokenBuckets _guestReactions = new(settings.Enabled, GuestReactionsPerComment, Hour);

    /// <param name="address">Of the caller.</param>
    /// <param name="retryAfter">When refused: how long to wait, at least a second.</param>
    public bool TryTake(IPAddress? address, out TimeSpan retryAfter) => _comments.TryTake(address.ToLimitKey(), out retryAfter);

    /// <summary>As <see cref="TryTake(IPAddress?, out TimeSpan)"/>, for what one does with comments that are there.</summary>
    public bool TryTakeAction(IPAddress? address, out TimeSpan retryAfter) => _actions.TryTake(address.ToLimitKey(), out retryAfter);

    /// <summary>As <see cref="TryTake(IPAddress?, out TimeSpan)"/>, for looking at a text before it is posted.</summary>
    public bool TryTakePreview(IPAddress? address, out TimeSpan retryAfter) => _previews.TryTake(address.ToLimitKey(), out retryAfter);

    /// <summary>
    /// As <see cref="TryTake(IPAddress?, out TimeSpan)"/>, for a reaction without an account: each of another guest counts, and is shown to every
    /// reader.
    /// </summary>
    /// <param name="address">Of the caller.</param>
    /// <param name="commentId">The comment.</param>
    /// <param name="isStranger">The reaction makes a guest.</param>
    /// <param name="retryAfter">When refused: how long to wait, at least a second.</param>
    public bool TryTakeReaction(IPAddress address, Guid commentId, bool isStranger, out TimeSpan retryAfter)
    {
        var key = $"{address.ToLimitKey()} {commentId}";
        retryAfter = default;
        return (!isStranger || _strangers.TryTake(key, out retryAfter)) && _guestReactions.TryTake(key, out retryAfter);
    }

    public void Dispose()
    {
        _comments.Dispose();
        _actions.Dispose();
        _previews.Dispose();
        _strangers.Dispose();
        _guestReactions.Dispose();
    }
}
