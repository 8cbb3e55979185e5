using BlazorBlog.Accounts;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Notices;
using BlazorBlog.Posts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorBlog.Comments;

public static class CommentEndpoints
{
    public static void AddComments(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<CommentSettings>("Comments");
        builder.AddSettings<RateLimitSettings>("RateLimits");
        services.AddSingleton<CommentRateLimiter>();
        services.AddSingleton<CommentRules>();
        services.AddSingleton<CommentTransaction>();
        services.AddSingleton<CommentWriter>();
        services.AddSingleton<CommentForms>();
        services.AddSingleton<FormTime>();
        services.AddSingleton<GuestCookie>();
        services.AddSingleton<RequestAuthors>();
        services.AddSingleton<CommentModeration>();
        services.AddSingleton<CommentCards>();
        services.AddSingleton<CommentChanges>();
        services.AddSingleton<ThreadModeration>();
        services.AddScoped<CommentAnswers>();
        services.AddScoped<OwnCommentAnswers>();
    }

    public static void MapComments(this IEndpointRouteBuilder app)
    {
        var open = app.MapGroup("").AllowAnonymous();
        open.MapPost("/posts/{slug}/comments", PostAsync);
        open.MapPost("/comments/preview", PreviewAsync);
        open.MapGet("/c/{id}", FollowAsync);
        open.MapOwnComments();
        app.MapPost("/posts/{slug}/comments/{id:guid}/moderate", ModerateAsync)
            .RequireAuthorization(Policies.Moderate).WithMetadata(new RequireAntiforgeryTokenAttribute());
    }

    private static async Task<IResult> PostAsync(
        string slug,
        HttpContext http,
        BlogService blog,
        CommentAnswers answers,
        CommentRateLimiter limiter,
        GuestCookie cookie,
        FormTime formTime,
        CancellationToken cancellationToken)
    {
        if (http.Request.IsCrossOrigin())
        {
            return answers.CrossOrigin();
        }

        var form = await PostedForm.ReadAsync(http.Request, cancellationToken);
        if (form.TooLarge)
        {
            return await answers.TooLargeAsync(slug);
        }

        if (!limiter.TryTake(http.Connection.RemoteIpAddress, out var retryAfter))
        {
            return await answers.TooManyAsync(slug, form.Draft, retryAfter);
        }

        var submission = new CommentSubmission(slug, form.Draft, cookie.Read(http.Request), form.Website, formTime.Read(form.RenderedAt))
        {
            Account = RequestAuthors.Account(http),
        };
        return await answers.AnswerAsync(slug, form.Draft, await blog.AddCommentAsync(submission, cancellationToken));
    }

    private static async Task<IResult> ModerateAsync(string slug, Guid id, HttpContext http, ThreadModeration moderation, CancellationToken cancellationToken)
    {
        var form = await http.Request.ReadFormAsync(cancellationToken);
        // A number would name an action as well.
        if (Enum.GetValues<ModeratorAction>().Where(action => action.ToString() == form["Action"]).ToArray() is not [var action])
        {
            return TypedResults.StatusCode(StatusCodes.Status422UnprocessableEntity);
        }

        await moderation.ActAsync(http.User, id, action, cancellationToken);
        http.Response.Headers.Location = action == ModeratorAction.Approve ? PostLinks.Comment(slug, id) : $"/posts/{slug}#comments";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static async Task<Results<ContentHttpResult, StatusCodeHttpResult>> PreviewAsync(HttpContext http, CommentSettings settings, CancellationToken cancellationToken)
    {
        if (http.Request.IsCrossOrigin())
        {
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        }

        var body = (await PostedForm.ReadAsync(http.Request, cancellationToken)).Draft.Body;
        return body.Length > settings.MaxLength
            ? TypedResults.StatusCode(StatusCodes.Status422UnprocessableEntity)
            : TypedResults.Text(MarkdownRenderer.RenderComment(body), "text/html");
    }

    private static async Task<IResult> FollowAsync(string id, BlogService blog, CancellationToken cancellationToken) =>
        NoticeLinks.Lengthen(id) is { } commentId && await blog.FindSlugOfCommentAsync(commentId, cancellationToken) is { } slug
            ? Results.LocalRedirect(PostLinks.Comment(slug, commentId))
            : Results.NotFound();
}
