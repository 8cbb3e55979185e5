namespace BlazorBlog.Comments;

/// <summary>What happened in a thread after a number that the asker knows.</summary>
/// <param name="Sequence">The thread's number up to which this tells everything; the next question asks from here.</param>
/// <param name="Rows">Each comment that changed, once, as it stands now; in the order of their numbers.</param>
/// <param name="Slug">The post's address.</param>
/// <param name="ClosedAt">From then on the thread takes no more comments.</param>
public sealed record ThreadChanges(long Sequence, IReadOnlyList<ThreadRow> Rows, string Slug, DateTimeOffset? ClosedAt);
