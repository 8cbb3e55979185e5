namespace BlazorBlog.Threads;

/// <summary>The thread under a post at one sequence number; immutable, shared by all readers of this node.</summary>
public sealed class ThreadView
{
    private readonly Dictionary<Guid, ThreadPlace> _places;

    internal ThreadView(ThreadHead head, IReadOnlyList<CommentView> roots, Dictionary<Guid, ThreadPlace> places, int count)
    {
        Head = head;
        Roots = roots;
        Count = count;
        _places = places;
    }

    public Guid PostId => Head.PostId;

    /// <summary>Number of the last change that is in it.</summary>
    public long Sequence => Head.Sequence;

    public string Slug => Head.Slug;

    /// <summary>Visible comments, tombstones not counted.</summary>
    public int Count { get; }

    /// <summary>Top-level comments, oldest first.</summary>
    public IReadOnlyList<CommentView> Roots { get; }

    /// <summary>Comments that came into sight lately, by their numbers.</summary>
    public IReadOnlyList<ThreadArrival> Arrivals => Head.Arrivals;

    /// <summary><see cref="Arrivals"/> tells of every arrival after this number; what came before is forgotten.</summary>
    public long ArrivalsAfter => Head.ArrivalsAfter;

    internal ThreadHead Head { get; }

    /// <summary>Whether the thread takes no more comments.</summary>
    public bool IsClosed(DateTimeOffset now) => Head.ClosedAt <= now;

    /// <returns>Null when the comment is not in the thread, or not visible.</returns>
    public CommentView? Find(Guid id) => _places.GetValueOrDefault(id)?.View;

    /// <returns>The index in <see cref="Roots"/> of the branch that holds a comment, or -1.</returns>
    public int RootIndexOf(Guid id) => _places.GetValueOrDefault(id)?.RootIndex ?? -1;
}

/// <summary>What a thread is beside its comments.</summary>
/// <param name="PostId">The post.</param>
/// <param name="Slug">The post's address.</param>
/// <param name="ClosedAt">From then on it takes no more comments.</param>
/// <param name="Sequence">Number of the last change.</param>
/// <param name="Arrivals">See <see cref="ThreadView.Arrivals"/>.</param>
/// <param name="ArrivalsAfter">See <see cref="ThreadView.ArrivalsAfter"/>.</param>
internal sealed record ThreadHead(
    Guid PostId, string Slug, DateTimeOffset? ClosedAt, long Sequence, IReadOnlyList<ThreadArrival> Arrivals, long ArrivalsAfter);

/// <param name="View">The comment.</param>
/// <param name="RootIndex">The branch it is in.</param>
internal sealed record ThreadPlace(CommentView View, int RootIndex);
