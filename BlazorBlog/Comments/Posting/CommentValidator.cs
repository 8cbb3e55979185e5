using System.Globalization;
using BlazorBlog.Accounts;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Components;
using BlazorBlog.Hosting;
using BlazorBlog.Posts;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Comments.Posting;

/// <summary>Validates a comment form, with one message per field.</summary>
public sealed class CommentValidator(CommentSettings settings, FormTime formTime, IStringLocalizer<Texts> texts, TimeProvider time)
{
    /// <param name="draft">The form as typed.</param>
    /// <param name="slug">The post's address.</param>
    /// <param name="postId">The post.</param>
    /// <param name="guestId">From the guest's cookie.</param>
    /// <param name="account">The account that is signed in; its name is shown with the comment, and the name field is ignored.</param>
    /// <param name="errors">One message per field; the empty key is for the form as a whole.</param>
    /// <returns>The checked comment, or null when <paramref name="errors"/> has entries.</returns>
    public NewComment? Check(
        CommentDraft draft, string slug, Guid postId, Guid? guestId, WritingAccount? account, out Dictionary<string, string> errors)
    {
        errors = [];
        CheckHuman(draft, errors);

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

        if (CheckBody(draft.Body, out var body, out var html) is { } wrong)
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

        var key = Guid.Empty;
        var isScripted = draft.IdempotencyKey.Trim().Length > 0;
        // Of a UUID nobody guesses another browser's.
        if (isScripted && !Guid.TryParseExact(draft.IdempotencyKey.Trim(), "D", out key))
        {
            errors[nameof(draft.IdempotencyKey)] = texts["This form cannot be sent again. Reload the page; your text is kept."];
        }

        return errors.Count > 0
            ? null
            : new NewComment(
                postId,
                slug,
                parentId,
                account is null ? guestId : null,
                name,
                email.Length == 0 ? null : email,
                body,
                html,
                isScripted ? SubmissionKey.OfScript(postId, key)
                    : formTime.Read(draft.RenderedAt) is not null ? SubmissionKey.OfPage(postId, draft.RenderedAt, parentId, name, email, body)
                    : null,
                notify,
                CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "ko" ? SiteCulture.Ko : SiteCulture.En)
            {
                Account = account,
                IsScripted = isScripted,
            };
    }

    /// <param name="typed">As it came.</param>
    /// <param name="body">As it is kept.</param>
    /// <param name="html">As it is shown; empty when the body is too long to be rendered.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public string? CheckBody(string typed, out string body, out string html)
    {
        body = TypedText.Clean(typed).ReplaceLineEndings("\n").Trim();
        if (body.Length > settings.MaxLength)
        {
            html = "";
            return texts["Your comment has {0} characters; at most {1} are allowed.", body.Length, settings.MaxLength];
        }

        // Not the body: of "[x]: https://example.com" or an empty fence nothing is shown.
        html = MarkdownRenderer.RenderComment(body);
        return RenderedHtml.IsSeen(html) ? null : texts["Write a comment."].Value;
    }

    private void CheckHuman(CommentDraft draft, Dictionary<string, string> errors)
    {
        if (draft.Website.Length > 0)
        {
            errors[""] = texts["A field that people do not see was filled. Clear what your browser filled in, and send again."];
        }
        else if (settings.MinimumSeconds > 0
            && (formTime.Read(draft.RenderedAt) is not { } at || time.GetUtcNow() - at < TimeSpan.FromSeconds(settings.MinimumSeconds)))
        {
            errors[""] = texts["That was very quick. Wait a few seconds, and send again."];
        }
    }
}
