namespace BlazorBlog.Threads;

/// <summary>What a reader of a thread is told.</summary>
/// <param name="Thread">As it stands.</param>
/// <param name="Arrivals">Comments that came into sight since the reader was last told.</param>
/// <param name="Readers">Windows in which the thread is in sight on this node.</param>
public sealed record ThreadUpdate(ThreadView Thread, IReadOnlyList<ThreadArrival> Arrivals, int Readers);

/// <summary>A comment came into sight: added, approved or shown again.</summary>
/// <param name="Sequence">The thread's number.</param>
/// <param name="CommentId">The comment.</param>
/// <param name="AuthorName">Name as typed.</param>
public sealed record ThreadArrival(long Sequence, Guid CommentId, string AuthorName);
