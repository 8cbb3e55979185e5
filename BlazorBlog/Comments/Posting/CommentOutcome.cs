namespace BlazorBlog.Comments.Posting;

/// <summary>What became of a posted comment form.</summary>
public abstract record CommentOutcome
{
    private CommentOutcome()
    {
    }

    /// <summary>Saved now, or by an earlier post of the same form.</summary>
    /// <param name="CommentId">The comment.</param>
    /// <param name="GuestId">
    /// Whose cookie the answer carries. Empty when an account wrote it, and when another browser sent the form again: its cookie would give that
    /// browser the right to edit, and the guest's address.
    /// </param>
    /// <param name="Status">Of the comment now.</param>
    public sealed record Saved(Guid CommentId, Guid GuestId, CommentStatus Status) : CommentOutcome;

    /// <summary>One message per field of <see cref="CommentDraft"/>; the empty key is for the form as a whole.</summary>
    public sealed record Rejected(IReadOnlyDictionary<string, string> Errors) : CommentOutcome;

    /// <summary>The thread takes no more comments.</summary>
    public sealed record Closed : CommentOutcome;

    public sealed record NoSuchPost : CommentOutcome;
}
