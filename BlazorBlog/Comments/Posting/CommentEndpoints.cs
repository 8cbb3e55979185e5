using BlazorBlog.Accounts;
using BlazorBlog.Comments.Editing;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Data.Providers;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Templates;
using BlazorBlog.Posts;
using BlazorBlog.Threads;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorBlog.Comments.Posting;

public static partial class CommentEndpoints
{
    public static void AddComments(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<CommentSettings>("Comments");
        builder.AddSettings<RateLimitSettings>("RateLimits");
        services.AddSingleton<CommentRateLimiter>();
        services.AddSingleton<CommentValidator>();
        services.AddSingleton<CommentStore>();
        services.AddSingleton<CommentBatchWriter>();
        services.AddSingleton<CommentForms>();
        services.AddSingleton<FormTime>();
        services.AddSingleton<GuestCookie>();
        services.AddSingleton<RequestAuthors>();
        services.AddSingleton<CommentModeration>();
        services.AddSingleton<CommentCards>();
        services.AddSingleton<CommentChanges>();
        services.AddSingleton<ThreadModeration>();
        services.AddScoped<CommentResults>();
        services.AddScoped<OwnCommentResults>();
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
        CommentResults answers,
        CommentRateLimiter limiter,
        GuestCookie cookie,
        SiteSettings site,
        ILogger<CommentStore> logger,
        CancellationToken cancellationToken)
    {
        if (http.Request.IsCrossOrigin(site))
        {
            return answers.CrossOrigin();
        }

        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } draft)
        {
            return await answers.TooLargeAsync(slug);
        }

        if (!limiter.TryTake(http.Connection.RemoteIpAddress, out var retryAfter))
        {
            return await answers.TooManyAsync(slug, draft, retryAfter);
        }

        try
        {
            var outcome = await blog.AddCommentAsync(slug, draft, cookie.Read(http.Request), RequestAuthors.Account(http), cancellationToken);
            return await answers.AnswerAsync(slug, draft, outcome);
        }
        catch (Exception exception) when (DatabaseErrors.IsOfDatabase(exception))
        {
            LogUnsaved(logger, exception);
            return await answers.UnavailableAsync(slug, draft);
        }
    }

    private static async Task<IResult> ModerateAsync(string slug, Guid id, HttpContext http, ThreadModeration moderation, CancellationToken cancellationToken)
    {
        var form = await http.Request.ReadFormAsync(cancellationToken);
        // Not Enum.TryParse: it also accepts numbers.
        if (Enum.GetValues<ModeratorAction>().Where(action => action.ToString() == form["Action"]).ToArray() is not [var action])
        {
            return TypedResults.StatusCode(StatusCodes.Status422UnprocessableEntity);
        }

        await moderation.ActAsync(http.User, id, action, cancellationToken);
        http.Response.Headers.Location = action == ModeratorAction.Approve ? PostLinks.Comment(slug, id) : $"/posts/{slug}#comments";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static async Task<Results<ContentHttpResult, StatusCodeHttpResult>> PreviewAsync(
        string? post, HttpContext http, CommentSettings settings, CommentRateLimiter limiter, SiteSettings site, CancellationToken cancellationToken)
    {
        if (http.Request.IsCrossOrigin(site))
        {
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        }

        if (!limiter.TryTakePreview(http.Connection.RemoteIpAddress, out var retryAfter))
        {
            http.Response.SetRetryAfter(retryAfter);
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        return await PostedForm.ReadAsync(http.Request, cancellationToken) is { } draft && draft.Body.Length <= settings.MaxLength
            ? TypedResults.Text(RenderedHtml.OnPage(MarkdownRenderer.RenderComment(draft.Body), post ?? ""), "text/html")
            : TypedResults.StatusCode(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> FollowAsync(string id, BlogService blog, CancellationToken cancellationToken) =>
        NotificationLinks.Lengthen(id) is { } commentId && await blog.FindSlugOfCommentAsync(commentId, cancellationToken) is { } slug
            ? Results.LocalRedirect(PostLinks.Comment(slug, commentId))
            : Results.NotFound();

    [LoggerMessage(LogLevel.Error, "A comment could not be saved")]
    private static partial void LogUnsaved(ILogger logger, Exception exception);
}
