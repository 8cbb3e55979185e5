using BlazorBlog.Posts;
using BlazorBlog.Threads;

namespace BlazorBlog.Comments.Posting;

/// <summary>Fills the comment form of a page.</summary>
public sealed class CommentForms(CommentSettings settings, FormTime formTime)
{
    private static readonly Dictionary<string, string> NoErrors = [];

    /// <param name="post">The post.</param>
    /// <param name="thread">Its thread, in which the answered comment is looked up.</param>
    /// <param name="draft">What the fields hold.</param>
    /// <param name="errors">One message per field, or null.</param>
    public CommentFormView Show(PostDetails post, ThreadView thread, CommentDraft draft, IReadOnlyDictionary<string, string>? errors = null)
    {
        var answered = Guid.TryParse(draft.ParentId, out var id) ? thread.Find(id) : null;
        return new CommentFormView(
            post.Slug,
            // A comment that is gone cannot be answered; the text becomes a comment of its own when it is sent again.
            answered is { Removed: false } ? draft : draft with { ParentId = "" },
            errors ?? NoErrors,
            answered is { Removed: false } ? new ReplyTarget(answered.Id, answered.AuthorName) : null,
            settings.MaxLength,
            formTime.Now());
    }
}
