using System.Security.Claims;
using BlazorBlog.Accounts;
using BlazorBlog.Threads;

namespace BlazorBlog.Comments.Posting;

/// <summary>What a person typed into the comment form, exactly as it came; all fields are text so that every mistake can be answered with it.</summary>
public sealed record CommentDraft
{
    public string Name { get; init; } = "";

    public string Email { get; init; } = "";

    public string Body { get; init; } = "";

    public string ParentId { get; init; } = "";

    public string IdempotencyKey { get; init; } = "";

    public string NotifyReplies { get; init; } = "";

    /// <summary>The honeypot: empty when a person filled the form.</summary>
    public string Website { get; init; } = "";

    /// <summary>When the form's page was made, as <see cref="FormTime"/> spells it.</summary>
    public string RenderedAt { get; init; } = "";
}

/// <summary>Everything the comment form shows.</summary>
/// <param name="Slug">The post; the form posts to <c>/posts/{Slug}/comments</c>.</param>
/// <param name="Draft">What the fields hold.</param>
/// <param name="Errors">One message per field name of <see cref="CommentDraft"/>; the empty key is for the form as a whole.</param>
/// <param name="ReplyTo">The comment answered, or null for a new thread.</param>
/// <param name="MaxLength">Longest body, in characters (UTF-16 units, as <c>maxlength</c> counts).</param>
/// <param name="RenderedAt">Protected time of the page, checked by the minimum-time rule.</param>
public sealed record CommentFormView(
    string Slug,
    CommentDraft Draft,
    IReadOnlyDictionary<string, string> Errors,
    ReplyTarget? ReplyTo,
    int MaxLength,
    string RenderedAt)
{
    /// <summary>Who is signed in; the form then asks for neither name nor address.</summary>
    public SignedInWriter? Account { get; init; }
}

/// <summary>A signed-in user, as the form shows them.</summary>
/// <param name="Name">As it will stand beside the comment.</param>
/// <param name="Picture">Theirs, or null.</param>
public sealed record SignedInWriter(string Name, Guid? Picture)
{
    /// <returns>Null when the user is not signed in.</returns>
    public static SignedInWriter? Of(ClaimsPrincipal user) => user.UserId() is null ? null : new SignedInWriter(user.DisplayName(), user.AvatarId());
}
