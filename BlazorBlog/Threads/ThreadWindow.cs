namespace BlazorBlog.Threads;

/// <summary>
/// The part of a thread that one reader looks at: some branches, of each so many comments. Its edges are times and not positions, so it
/// stays where it is while comments are added and removed around it.
/// </summary>
public sealed class ThreadWindow
{
    /// <summary>Top-level comments of a page.</summary>
    public const int RootsPerPage = 20;

    /// <summary>Comments of a branch that are shown before the reader asks for more.</summary>
    public const int RepliesPerPage = 50;

    private readonly Dictionary<Guid, int> _sizes = [];
    private ThreadEdge? _first;
    private ThreadEdge? _last;

    private ThreadWindow(bool newestFirst) => NewestFirst = newestFirst;

    public bool NewestFirst { get; }

    /// <param name="thread">The thread.</param>
    /// <param name="newestFirst">Order of the top-level comments; replies are always a conversation from top to bottom.</param>
    /// <param name="around">A comment that has to be in it; without one, or when it is gone, the window is the first page.</param>
    public static ThreadWindow Open(ThreadView thread, bool newestFirst, Guid? around = null)
    {
        var window = new ThreadWindow(newestFirst);
        if (around is { } id && thread.RootIndexOf(id) is >= 0 and var root)
        {
            window.MoveTo(thread, root, id);
        }
        else
        {
            window.Span(thread, 0, RootsPerPage);
        }

        return window;
    }

    /// <summary>Opens a window as <see cref="Keep"/> left it.</summary>
    public static ThreadWindow Open(ThreadWindowState kept)
    {
        var window = new ThreadWindow(kept.NewestFirst) { _first = kept.First, _last = kept.Last };
        foreach (var (id, size) in kept.Sizes)
        {
            window._sizes[id] = size;
        }

        return window;
    }

    public ThreadWindowState Keep() => new(NewestFirst, _first, _last, _sizes);

    /// <summary>The window's part of a thread as it stands now.</summary>
    public ThreadPage Look(ThreadView thread)
    {
        var (start, end) = Bounds(thread);
        List<ThreadBranch> branches = [];
        for (var i = start; i < end; i++)
        {
            var root = Root(thread, i);
            var shown = Math.Min(root.Size, _sizes.GetValueOrDefault(root.Id, RepliesPerPage));
            branches.Add(new ThreadBranch(root, shown, shown < root.Size ? root.Branch().ElementAt(shown).Id : null));
        }

        return new ThreadPage(
            branches,
            start,
            thread.Roots.Count - end,
            start > 0 ? Root(thread, Math.Max(0, start - RootsPerPage)).Id : null,
            end < thread.Roots.Count ? Root(thread, end).Id : null);
    }

    public void ShowEarlier(ThreadView thread)
    {
        var (start, end) = Bounds(thread);
        Span(thread, start - RootsPerPage, end);
    }

    public void ShowMore(ThreadView thread)
    {
        var (start, end) = Bounds(thread);
        Span(thread, start, end + RootsPerPage);
    }

    public void ShowMoreOf(Guid rootId) => _sizes[rootId] = _sizes.GetValueOrDefault(rootId, RepliesPerPage) + (2 * RepliesPerPage);

    /// <summary>Brings a comment into the window: by a few more rows where it is near, else by moving there.</summary>
    public void Show(ThreadView thread, Guid commentId)
    {
        if (thread.RootIndexOf(commentId) is not (>= 0 and var index))
        {
            return;
        }

        var (start, end) = Bounds(thread);
        var position = Position(thread, index);
        if (position >= start && position < end)
        {
            Uncover(thread.Roots[index], commentId);
        }
        else
        {
            MoveTo(thread, index, commentId);
        }
    }

    private void MoveTo(ThreadView thread, int rootIndex, Guid commentId)
    {
        var position = Position(thread, rootIndex);
        // On the first page the window starts at the top; further down, two branches before the comment.
        var start = position < RootsPerPage ? 0 : position - 2;
        Span(thread, start, start + RootsPerPage);
        Uncover(thread.Roots[rootIndex], commentId);
    }

    private void Uncover(CommentView root, Guid commentId)
    {
        var place = root.Branch().TakeWhile(comment => comment.Id != commentId).Count();
        if (place >= _sizes.GetValueOrDefault(root.Id, RepliesPerPage))
        {
            _sizes[root.Id] = place + RepliesPerPage;
        }
    }

    /// <summary>An edge at the end of the thread is left open, so that what comes there is in the window.</summary>
    private void Span(ThreadView thread, int start, int end)
    {
        _first = start <= 0 ? null : ThreadEdge.Of(Root(thread, start));
        _last = end >= thread.Roots.Count ? null : ThreadEdge.Of(Root(thread, end - 1));
    }

    private (int Start, int End) Bounds(ThreadView thread)
    {
        var count = thread.Roots.Count;
        var start = _first is { } first ? Count(thread, root => Precedes(ThreadEdge.Of(root), first)) : 0;
        var end = _last is { } last ? Count(thread, root => !Precedes(last, ThreadEdge.Of(root))) : count;
        return (start, Math.Max(start, end));
    }

    /// <summary>How many roots, in this window's order, fulfil a condition that is true for a prefix of them and false after it.</summary>
    private int Count(ThreadView thread, Func<CommentView, bool> holds)
    {
        var (low, high) = (0, thread.Roots.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(Root(thread, middle)))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private bool Precedes(ThreadEdge one, ThreadEdge other) => NewestFirst ? other.CompareTo(one) < 0 : one.CompareTo(other) < 0;

    private CommentView Root(ThreadView thread, int position) => thread.Roots[NewestFirst ? thread.Roots.Count - 1 - position : position];

    private int Position(ThreadView thread, int rootIndex) => NewestFirst ? thread.Roots.Count - 1 - rootIndex : rootIndex;
}

/// <summary>A window to be opened again in another circuit.</summary>
/// <param name="NewestFirst">Order of the top-level comments.</param>
/// <param name="First">The first top-level comment; null for the beginning of the thread.</param>
/// <param name="Last">The last one; null for the end.</param>
/// <param name="Sizes">By top-level comment, how many comments of its branch are shown when that is not the usual number.</param>
public sealed record ThreadWindowState(bool NewestFirst, ThreadEdge? First, ThreadEdge? Last, IReadOnlyDictionary<Guid, int> Sizes);

/// <summary>A place in a thread, which stays although the comment that stood there goes.</summary>
/// <param name="At">When the comment was made.</param>
/// <param name="Id">The comment.</param>
public readonly record struct ThreadEdge(DateTimeOffset At, Guid Id)
{
    public static ThreadEdge Of(CommentView root) => new(root.CreatedAt, root.Id);

    public int CompareTo(ThreadEdge other) => CommentOrder.Compare(At, Id, other.At, other.Id);
}

/// <summary>What a reader sees of a thread.</summary>
/// <param name="Branches">In the order of the window.</param>
/// <param name="Before">Top-level comments above it.</param>
/// <param name="After">Top-level comments below it.</param>
/// <param name="PreviousId">The first comment of the page above; null at the beginning.</param>
/// <param name="NextId">The first comment of the page below; null at the end.</param>
public sealed record ThreadPage(IReadOnlyList<ThreadBranch> Branches, int Before, int After, Guid? PreviousId, Guid? NextId)
{
    /// <summary>Every comment that is shown, in reading order.</summary>
    public IEnumerable<CommentView> Comments() => Branches.SelectMany(branch => branch.Root.Branch().Take(branch.Shown));
}

/// <summary>A top-level comment with its replies.</summary>
/// <param name="Root">The whole branch.</param>
/// <param name="Shown">How many comments of it are shown, in reading order, the root included.</param>
/// <param name="NextId">The first one that is not shown; null when all are.</param>
public sealed record ThreadBranch(CommentView Root, int Shown, Guid? NextId);
