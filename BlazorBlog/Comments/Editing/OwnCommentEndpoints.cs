using BlazorBlog.Comments.Posting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorBlog.Comments.Editing;

/// <summary>
/// What commenters do with their own comments, and readers with all comments. Guarded as the comment form is: nothing from pages of another
/// origin, and the cookie alone says whose a comment is.
/// </summary>
public static class OwnCommentEndpoints
{
    public static void MapOwnComments(this IEndpointRouteBuilder app)
    {
        app.MapGet("/posts/{slug}/comments/mine", ReadAsync);
        app.MapPost("/posts/{slug}/comments/{id:guid}/edit", EditAsync);
        app.MapPost("/posts/{slug}/comments/{id:guid}/remove", RemoveAsync);
        app.MapPost("/posts/{slug}/comments/{id:guid}/restore", RestoreAsync);
        app.MapPost("/posts/{slug}/comments/{id:guid}/reactions", ReactAsync);
    }

    /// <summary>The one answer about a thread that differs from reader to reader; browsers ask for it only once they have said something.</summary>
    private static async Task<Results<JsonHttpResult<OwnAnswer>, NotFound>> ReadAsync(
        string slug, HttpContext http, BlogService blog, RequestAuthors authors, TimeProvider time, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await blog.FindPostAsync(slug, cancellationToken) is not { } post)
        {
            return TypedResults.NotFound();
        }

        var own = await blog.ReadOwnAsync(post.Id, authors.Read(http), cancellationToken);
        var now = time.GetUtcNow();
        return TypedResults.Json(new OwnAnswer(
            [.. own.Comments.Select(comment => new OwnAnswerComment(comment.Id, comment.Body, Math.Max(0, (int)(comment.EditableUntil - now).TotalSeconds)))],
            own.Reactions.GroupBy(reaction => reaction.CommentId).ToDictionary(group => group.Key, group => group.Select(reaction => reaction.Kind.Name()).ToArray())));
    }

    private static async Task<IResult> EditAsync(
        string slug, Guid id, HttpContext http, BlogService blog, OwnCommentResults answers, CancellationToken cancellationToken)
    {
        if (answers.Refusal() is { } refusal)
        {
            return refusal;
        }

        return await PostedForm.ReadAsync(http.Request, cancellationToken) is { } draft
            ? await answers.AnswerAsync(slug, id, await blog.EditCommentAsync(slug, id, answers.Author, draft.Body, cancellationToken))
            : answers.TooLarge();
    }

    private static async Task<IResult> RemoveAsync(
        string slug, Guid id, BlogService blog, OwnCommentResults answers, CancellationToken cancellationToken) =>
        answers.Refusal() ?? await answers.AnswerAsync(slug, id, await blog.RemoveOwnCommentAsync(slug, id, answers.Author, cancellationToken));

    private static async Task<IResult> RestoreAsync(
        string slug, Guid id, BlogService blog, OwnCommentResults answers, CancellationToken cancellationToken) =>
        answers.Refusal() ?? await answers.AnswerAsync(slug, id, await blog.RestoreOwnCommentAsync(slug, id, answers.Author, cancellationToken));

    private static async Task<IResult> ReactAsync(
        string slug, Guid id, HttpContext http, BlogService blog, OwnCommentResults answers, CancellationToken cancellationToken)
    {
        if (answers.Refusal() is { } refusal)
        {
            return refusal;
        }

        var (form, _) = await PostedForm.ReadFieldsAsync(http.Request, cancellationToken);
        // Not Enum.TryParse: it also accepts numbers, including undefined ones.
        if (Enum.GetValues<Reaction>().Where(kind => kind.Name() == form["Kind"].ToString()).ToArray() is not [var reaction])
        {
            return answers.UnknownReaction();
        }

        // A script sends the wanted state, so a repeated request is idempotent; a plain form toggles.
        bool? wanted = bool.TryParse(form["On"], out var on) ? on : null;
        return await answers.AnswerAsync(slug, id, await blog.ReactAsync(slug, id, answers.Author, reaction, wanted, cancellationToken));
    }

    private sealed record OwnAnswer(IReadOnlyList<OwnAnswerComment> Comments, IReadOnlyDictionary<Guid, string[]> Reactions);

    /// <param name="Id">The comment.</param>
    /// <param name="Body">Markdown as typed.</param>
    /// <param name="EditableFor">Seconds; the clock of a browser may be wrong by hours.</param>
    private sealed record OwnAnswerComment(Guid Id, string Body, int EditableFor);
}
