namespace BlazorBlog.Comments.Editing;

/// <summary>What one person has said in a thread; only that person's browser gets it.</summary>
/// <param name="Comments">Those not removed.</param>
/// <param name="Reactions">Those given.</param>
public sealed record OwnComments(IReadOnlyList<OwnComment> Comments, IReadOnlyList<OwnReaction> Reactions)
{
    public static readonly OwnComments None = new([], []);
}

/// <param name="Id">The comment.</param>
/// <param name="Body">Markdown as typed, to be edited.</param>
/// <param name="EditableUntil">UTC; afterwards it can only be removed.</param>
public sealed record OwnComment(Guid Id, string Body, DateTimeOffset EditableUntil);

/// <param name="CommentId">The comment.</param>
/// <param name="Kind">The reaction.</param>
public sealed record OwnReaction(Guid CommentId, Reaction Kind);
