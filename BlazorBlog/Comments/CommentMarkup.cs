namespace BlazorBlog.Comments;

/// <summary>
/// A comment's card, finished but for its frame. The words change when they are edited, the foot with every reaction: whoever has selected
/// some of the words keeps the selection.
/// </summary>
internal sealed class CommentMarkup(CommentView comment, string words, string foot, string slug, bool closed)
{
    public string Id { get; } = $"comment-{comment.Id}";

    /// <summary>The element that names the card; a tombstone has no name.</summary>
    public string? LabelledBy { get; } = comment.Removed ? null : $"author-{comment.Id}";

    public string Class { get; } = comment.Removed ? "comment removed" : comment.ByPostAuthor ? "comment by-author" : "comment";

    /// <summary>Author, time and text.</summary>
    public string Words { get; } = words;

    /// <summary>What one may do with it.</summary>
    public string Foot { get; } = foot;

    /// <summary>Whether it was made for a post of this address, and with an offer to reply or without.</summary>
    public bool IsFor(string postSlug, bool isClosed) => slug == postSlug && closed == isClosed;
}
