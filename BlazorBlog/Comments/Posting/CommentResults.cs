using BlazorBlog.Components;
using BlazorBlog.Hosting;
using BlazorBlog.Posts;
using BlazorBlog.Threads;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Comments.Posting;

/// <summary>
/// Answers a posted comment form: browsers get a redirect, or the page again with the text kept; clients that accept JSON get the same outcome
/// as JSON.
/// </summary>
public sealed class CommentResults(
    IHttpContextAccessor accessor,
    BlogService blog,
    CommentForms forms,
    GuestCookie cookie,
    CommentSettings settings,
    ReaderToken readers,
    IStringLocalizer<Texts> texts)
{
    private HttpContext Http => accessor.HttpContext ?? throw new InvalidOperationException("There is no request to answer.");

    public Task<IResult> AnswerAsync(string slug, CommentDraft draft, CommentOutcome outcome) => outcome switch
    {
        CommentOutcome.Saved saved => SavedAsync(slug, draft, saved),
        CommentOutcome.Rejected rejected => RefuseAsync(slug, draft, StatusCodes.Status422UnprocessableEntity, rejected.Errors),
        CommentOutcome.Closed => RefuseAsync(slug, draft, StatusCodes.Status409Conflict, Whole(texts["Comments on this post are closed."])),
        _ => Task.FromResult(NoSuchPost()),
    };

    /// <summary>Answers without the page and the posted text: another site sent the form, not the user who would read it.</summary>
    public IResult CrossOrigin()
    {
        string message = texts["Comments are posted from the blog's own pages."];
        return Http.Request.WantsJson()
            ? TypedResults.Json(new { errors = Whole(message) }, statusCode: StatusCodes.Status403Forbidden)
            : TypedResults.Text(message, statusCode: StatusCodes.Status403Forbidden);
    }

    /// <summary>The body was too large to be read, so the text cannot be shown again.</summary>
    public Task<IResult> TooLargeAsync(string slug) => RefuseAsync(
        slug,
        new CommentDraft(),
        StatusCodes.Status422UnprocessableEntity,
        new Dictionary<string, string> { [nameof(CommentDraft.Body)] = texts["Your comment is far too long; at most {0} characters are allowed.", settings.MaxLength] });

    public Task<IResult> TooManyAsync(string slug, CommentDraft draft, TimeSpan retryAfter)
    {
        var seconds = Http.Response.SetRetryAfter(retryAfter);
        return RefuseAsync(slug, draft, StatusCodes.Status429TooManyRequests, Whole(texts["That was a lot at once. Please try again in {0} seconds.", seconds]));
    }

    /// <summary>The database is away, full or read-only; most posts can still be read then, and the form keeps the text.</summary>
    public Task<IResult> UnavailableAsync(string slug, CommentDraft draft)
    {
        Http.Response.SetRetryAfter(FaultAnswers.Pause);
        return RefuseAsync(
            slug, draft, StatusCodes.Status503ServiceUnavailable, Whole(texts["Your comment could not be saved just now. Your text is kept: please send it again in a moment."]));
    }

    private async Task<IResult> SavedAsync(string slug, CommentDraft draft, CommentOutcome.Saved saved)
    {
        if (cookie.Read(Http.Request) != saved.GuestId && saved.GuestId != default)
        {
            cookie.Write(Http.Response, saved.GuestId);
        }

        var url = PostLinks.Comment(slug, saved.CommentId);
        if (!Http.Request.WantsJson())
        {
            Http.Response.Headers.Location = url;
            return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
        }

        var isVisible = saved.Status == CommentStatus.Approved;
        var card = isVisible && !Http.Request.PrefersMinimal() && await blog.FindPostAsync(slug, Http.RequestAborted) is { } post
            ? await blog.RenderCardAsync(post, saved.CommentId, Http.RequestAborted)
            : null;
        var notice = draft.NotifyReplies.Length > 0 && await blog.AwaitsConfirmationAsync(saved.CommentId, Http.RequestAborted)
            ? ConfirmationText.Of(saved.Status, texts)
            : null;
        return TypedResults.Json(
            new
            {
                id = saved.CommentId,
                url,
                status = isVisible ? "approved" : "pending",
                html = card,
                words = isVisible ? null : RenderedHtml.OnPage(MarkdownRenderer.RenderComment(draft.Body), slug),
                reader = readers.Make(saved.GuestId),
                notice,
            },
            statusCode: StatusCodes.Status201Created);
    }

    private async Task<IResult> RefuseAsync(string slug, CommentDraft draft, int status, IReadOnlyDictionary<string, string> errors)
    {
        var post = await blog.FindPostAsync(slug, Http.RequestAborted);
        if (post is null)
        {
            return NoSuchPost();
        }

        if (Http.Request.WantsJson())
        {
            return TypedResults.Json(new { errors }, statusCode: status);
        }

        var thread = await blog.ReadThreadAsync(post.Id, post.ThreadSequence, Http.RequestAborted);
        var form = forms.Show(post, thread, draft, errors) with { Account = SignedInWriter.Of(Http.User) };
        return PostView.Result(status, post, form, Guid.TryParse(draft.ParentId, out var answered) ? answered : null);
    }

    private IResult NoSuchPost() => Http.Request.WantsJson()
        ? TypedResults.Json(new { errors = Whole(texts["There is no such post."]) }, statusCode: StatusCodes.Status404NotFound)
        : PageResult.Result(StatusCodes.Status404NotFound, typeof(NotFound), new Dictionary<string, object>());

    private static Dictionary<string, string> Whole(string message) => new() { [""] = message };
}
