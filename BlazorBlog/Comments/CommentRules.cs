using System.Globalization;
using BlazorBlog.Accounts;
using BlazorBlog.Components;
using BlazorBlog.Posts;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Comments;

/// <summary>What a comment form must hold, with one message per field for whoever filled it otherwise.</summary>
public sealed class CommentRules(CommentSettings settings, IStringLocalizer<Texts> texts, TimeProvider time)
{
    /// <returns>The checked comment, or null when <paramref name="errors"/> has entries.</returns>
    public NewComment? Check(CommentSubmission submission, Guid postId, out Dictionary<string, string> errors)
    {
        errors = [];
        var draft = submission.Draft;
        CheckHuman(submission, errors);

        var account = submission.Account;
        var name = account?.DisplayName ?? PersonName.Clean(draft.Name);
        if (PersonName.Problem(name, texts) is { } problem)
        {
            errors[nameof(draft.Name)] = problem;
        }

        var notify = draft.NotifyReplies.Length > 0 && !draft.NotifyReplies.Equals("false", StringComparison.OrdinalIgnoreCase);
        var email = account is null ? draft.Email.Trim() : "";
        if (email.Length > 0 && !EmailAddress.IsPublic(email))
        {
            errors[nameof(draft.Email)] = texts["Enter an address like name@example.com, or leave it empty."];
        }
        else if (email.Length == 0 && notify && account is null)
        {
            errors[nameof(draft.Email)] = texts["Enter your email address to be told about replies."];
        }

        if (CheckBody(draft.Body, out var body) is { } wrong)
        {
            errors[nameof(draft.Body)] = wrong;
        }

        Guid? parentId = null;
        if (draft.ParentId.Trim() is { Length: > 0 } parent)
        {
            if (Guid.TryParse(parent, out var id))
            {
                parentId = id;
            }
            else
            {
                errors[nameof(draft.ParentId)] = texts["The comment you answer is not here any more."];
            }
        }

        var key = draft.IdempotencyKey.Trim();
        if (key.Length > Comment.MaxKeyLength || key.Any(char.IsControl))
        {
            errors[nameof(draft.IdempotencyKey)] = texts["This form cannot be sent again. Reload the page; your text is kept."];
        }

        return errors.Count > 0
            ? null
            : new NewComment(
                postId,
                submission.Slug,
                parentId,
                account is null ? submission.GuestId : null,
                name,
                email.Length == 0 ? null : email,
                body,
                MarkdownRenderer.RenderComment(body),
                key.Length == 0 ? null : key,
                notify,
                CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "ko" ? Hosting.SiteCulture.Ko : Hosting.SiteCulture.En)
            {
                Account = account,
            };
    }

    /// <param name="typed">As it came.</param>
    /// <param name="body">As it is kept.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public string? CheckBody(string typed, out string body)
    {
        body = typed.ReplaceLineEndings("\n").Trim();
        if (!PersonName.HasText(body))
        {
            return texts["Write a comment."];
        }

        return body.Length > settings.MaxLength
            ? texts["Your comment has {0} characters; at most {1} are allowed.", body.Length, settings.MaxLength].Value
            : null;
    }

    private void CheckHuman(CommentSubmission submission, Dictionary<string, string> errors)
    {
        if (submission.Website.Length > 0)
        {
            errors[""] = texts["A field that people do not see was filled. Clear what your browser filled in, and send again."];
        }
        else if (settings.MinimumSeconds > 0
            && (submission.RenderedAt is not { } at || time.GetUtcNow() - at < TimeSpan.FromSeconds(settings.MinimumSeconds)))
        {
            errors[""] = texts["That was very quick. Wait a few seconds, and send again."];
        }
    }
}
