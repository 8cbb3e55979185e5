using BlazorBlog.Comments.Posting;
using BlazorBlog.Components;
using BlazorBlog.Hosting;
using BlazorBlog.Posts;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Comments.Editing;

/// <summary>Answers commenters' own actions: with JSON for a script, else with a redirect to the comment, or a sentence.</summary>
public sealed class OwnCommentResults(
    IHttpContextAccessor accessor,
    BlogService blog,
    GuestCookie cookie,
    RequestAuthors authors,
    CommentRateLimiter limiter,
    CommentSettings settings,
    SiteSettings site,
    IStringLocalizer<Texts> texts)
{
    /// <summary>Whose request it is.</summary>
    public CommentAuthor Author => authors.Read(Http);

    private HttpContext Http => accessor.HttpContext ?? throw new InvalidOperationException("There is no request to answer.");

    /// <returns>Null when the request may act.</returns>
    public IResult? Refusal()
    {
        if (Http.Request.IsCrossOrigin(site))
        {
            return Say(StatusCodes.Status403Forbidden, texts["Comments are posted from the blog's own pages."]);
        }

        return limiter.TryTakeAction(Http.Connection.RemoteIpAddress, out var retryAfter) ? null : TooMany(retryAfter);
    }

    /// <summary>The request body exceeds the limit and was not read.</summary>
    public IResult TooLarge() =>
        Say(StatusCodes.Status422UnprocessableEntity, texts["Your comment is far too long; at most {0} characters are allowed.", settings.MaxLength]);

    public IResult UnknownReaction() => Say(StatusCodes.Status422UnprocessableEntity, texts["There is no such reaction."]);

    public async Task<IResult> AnswerAsync(string slug, Guid commentId, CommentActionResult outcome) => outcome switch
    {
        CommentActionResult.Done done => await DoneAsync(slug, commentId, done),
        CommentActionResult.Rejected rejected => Say(StatusCodes.Status422UnprocessableEntity, rejected.Message),
        CommentActionResult.NotYours => Say(StatusCodes.Status403Forbidden, texts["Only its writer can change a comment."]),
        CommentActionResult.TooLate => Say(StatusCodes.Status409Conflict, texts["The time for changes has passed. You can still remove the comment."]),
        CommentActionResult.TooMany limited => TooMany(limited.RetryAfter),
        _ => Say(StatusCodes.Status404NotFound, texts["This comment is not here any more."]),
    };

    private async Task<IResult> DoneAsync(string slug, Guid commentId, CommentActionResult.Done done)
    {
        if (done.Author.GuestId is { } guest && cookie.Read(Http.Request) != guest)
        {
            cookie.Write(Http.Response, guest);
        }

        if (!Http.Request.WantsJson())
        {
            Http.Response.Headers.Location = PostLinks.Comment(slug, commentId);
            return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
        }

        return TypedResults.Json(new
        {
            id = commentId,
            status = done.Status == CommentStatus.Approved ? "approved" : "pending",
            html = await RenderCardAsync(slug, commentId),
            words = done.Status == CommentStatus.Pending ? RenderedHtml.OnPage(done.Words, slug) : null,
        });
    }

    private async Task<string?> RenderCardAsync(string slug, Guid commentId) =>
        !Http.Request.PrefersMinimal() && await blog.FindPostAsync(slug, Http.RequestAborted) is { } post
            ? await blog.RenderCardAsync(post, commentId, Http.RequestAborted)
            : null;

    private IResult TooMany(TimeSpan retryAfter)
    {
        var seconds = Http.Response.SetRetryAfter(retryAfter);
        return Say(StatusCodes.Status429TooManyRequests, texts["That was a lot at once. Please try again in {0} seconds.", seconds]);
    }

    private IResult Say(int status, string message) => Http.Request.WantsJson()
        ? TypedResults.Json(new { errors = new Dictionary<string, string> { ["Body"] = message } }, statusCode: status)
        : TypedResults.Text(message, statusCode: status);
}
