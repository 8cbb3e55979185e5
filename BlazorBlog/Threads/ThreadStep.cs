namespace BlazorBlog.Threads;

/// <summary>What a reader asks of a thread.</summary>
/// <param name="Kind">What.</param>
/// <param name="RootId">The branch, for more of its replies.</param>
public readonly record struct ThreadStep(ThreadStepKind Kind, Guid RootId = default)
{
    public static readonly ThreadStep Earlier = new(ThreadStepKind.Earlier), More = new(ThreadStepKind.More), ToggleSort = new(ThreadStepKind.ToggleSort);

    public static ThreadStep MoreOf(Guid rootId) => new(ThreadStepKind.MoreReplies, rootId);
}

public enum ThreadStepKind
{
    /// <summary>The page above.</summary>
    Earlier,

    /// <summary>The page below.</summary>
    More,

    /// <summary>More of one branch.</summary>
    MoreReplies,

    /// <summary>Newest first instead of oldest first, or back.</summary>
    ToggleSort,
}
