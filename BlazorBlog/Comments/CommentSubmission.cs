namespace BlazorBlog.Comments;

/// <summary>A posted comment form, with what the request says beside its fields.</summary>
/// <param name="Slug">The post.</param>
/// <param name="Draft">The fields as typed.</param>
/// <param name="GuestId">From the guest's cookie.</param>
/// <param name="Website">The honeypot: empty when a person filled the form.</param>
/// <param name="RenderedAt">When the form's page was made; null when it does not say, or lies.</param>
public sealed record CommentSubmission(string Slug, CommentDraft Draft, Guid? GuestId, string Website, DateTimeOffset? RenderedAt)
{
    /// <summary>The account that is signed in; its name stands beside the comment, whatever the fields say.</summary>
    public WritingAccount? Account { get; init; }
}

/// <summary>Somebody who comments with an account.</summary>
/// <param name="UserId">The account.</param>
/// <param name="DisplayName">As it is now.</param>
/// <param name="IsStaff">Whoever looks after the blog does not wait for approval.</param>
public sealed record WritingAccount(Guid UserId, string DisplayName, bool IsStaff);
