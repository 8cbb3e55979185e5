namespace BlazorBlog.Comments;

/// <summary>A posted comment form, with what the request says beside its fields.</summary>
/// <param name="Slug">The post.</param>
/// <param name="Draft">The fields as typed.</param>
/// <param name="GuestId">From the guest's cookie.</param>
/// <param name="Website">The honeypot: empty when a person filled the form.</param>
/// <param name="RenderedAt">When the form's page was made; null when it does not say, or lies.</param>
public sealed record CommentSubmission(string Slug, CommentDraft Draft, Guid? GuestId, string Website, DateTimeOffset? RenderedAt);

/// <summary>What became of a posted comment form.</summary>
public abstract record CommentOutcome
{
    private CommentOutcome()
    {
    }

    /// <summary>Saved now, or by an earlier post of the same form.</summary>
    public sealed record Saved(Guid CommentId, Guid GuestId, CommentStatus Status) : CommentOutcome;

    /// <summary>One message per field of <see cref="CommentDraft"/>; the empty key is for the form as a whole.</summary>
    public sealed record Rejected(IReadOnlyDictionary<string, string> Errors) : CommentOutcome;

    /// <summary>The thread takes no more comments.</summary>
    public sealed record Closed : CommentOutcome;

    public sealed record NoSuchPost : CommentOutcome;
}
