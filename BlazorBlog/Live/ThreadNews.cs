using BlazorBlog.Comments;

namespace BlazorBlog.Live;

/// <summary>What a reader of a thread is told.</summary>
/// <param name="Thread">As it stands.</param>
/// <param name="Arrivals">Comments that came into sight since the reader was last told.</param>
/// <param name="Readers">Windows in which the thread is in sight on this node.</param>
public sealed record ThreadNews(ThreadView Thread, IReadOnlyList<ThreadArrival> Arrivals, int Readers);
