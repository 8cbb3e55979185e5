namespace BlazorBlog.Comments.Editing;

/// <summary>What became of a commenter's own action.</summary>
public abstract record CommentActionResult
{
    private CommentActionResult()
    {
    }

    /// <summary>It is so now, and may have been before.</summary>
    /// <param name="Author">Whose it is; a guest who only reacts is made by the first reaction.</param>
    /// <param name="Status">Of the comment: an edit may have to wait for approval.</param>
    /// <param name="Words">Sanitised HTML of what the comment says now.</param>
    public sealed record Done(CommentAuthor Author, CommentStatus Status, string Words) : CommentActionResult;

    /// <summary>What the comment must not say.</summary>
    public sealed record Rejected(string Message) : CommentActionResult;

    /// <summary>The comment has another author.</summary>
    public sealed record NotYours : CommentActionResult;

    /// <summary>The time for changes has passed.</summary>
    public sealed record TooLate : CommentActionResult;

    /// <summary>Too many reactions without an account came from one network.</summary>
    /// <param name="RetryAfter">How long to wait, at least a second.</param>
    public sealed record TooMany(TimeSpan RetryAfter) : CommentActionResult;

    public sealed record NoSuchComment : CommentActionResult;
}
