using BlazorBlog.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorBlog.Notifications.Notices;

/// <summary>
/// What the links in a mail lead to. GET only shows a button, because mail programs open links by themselves; POST acts. The token is the
/// authority: a mail provider posts without cookies and without a page of ours (RFC 8058).
/// </summary>
public static class NoticePages
{
    public static void MapNoticePages(this IEndpointRouteBuilder routes)
    {
        var app = routes.MapGroup("").AllowAnonymous();
        app.MapGet("/notifications/{token}", (string token, NoticeLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            AskAsync(links.Read(NoticeLinkPurpose.Manage, token), subscriptions, NoticeScreenKind.Manage, cancellation));
        app.MapPost("/notifications/{token}", (string token, HttpContext http, NoticeLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            ManageAsync(links.Read(NoticeLinkPurpose.Manage, token), http, subscriptions, cancellation));
        app.MapGet("/notifications/{token}/unsubscribe", (string token, NoticeLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            AskAsync(links.Read(NoticeLinkPurpose.Unsubscribe, token), subscriptions, NoticeScreenKind.Unsubscribe, cancellation));
        app.MapPost("/notifications/{token}/unsubscribe", (string token, NoticeLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            UnsubscribeAsync(links.Read(NoticeLinkPurpose.Unsubscribe, token), subscriptions, cancellation));
        app.MapGet("/notifications/{token}/confirm", (string token, NoticeLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            AskAsync(links.Read(NoticeLinkPurpose.Confirm, token), subscriptions, NoticeScreenKind.Confirm, cancellation));
        app.MapPost("/notifications/{token}/confirm", (string token, NoticeLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            ConfirmAsync(links.Read(NoticeLinkPurpose.Confirm, token), subscriptions, cancellation));
    }

    private static async Task<RazorComponentResult> AskAsync(
        NoticeLinkOwner? owner, Subscriptions subscriptions, NoticeScreenKind kind, CancellationToken cancellationToken) =>
        owner is null ? Invalid() : Screen(kind, owner, await subscriptions.IsStoppedAsync(owner, cancellationToken));

    private static async Task<RazorComponentResult> ManageAsync(
        NoticeLinkOwner? owner, HttpContext http, Subscriptions subscriptions, CancellationToken cancellationToken)
    {
        if (owner is null)
        {
            return Invalid();
        }

        var action = http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(cancellationToken))["action"].ToString() : "";
        switch (action)
        {
            case "stop":
                await subscriptions.StopAsync(owner, cancellationToken);
                break;
            case "resume":
                await subscriptions.ResumeAsync(owner, cancellationToken);
                break;
        }

        return Screen(NoticeScreenKind.Manage, owner, await subscriptions.IsStoppedAsync(owner, cancellationToken));
    }

    private static async Task<RazorComponentResult> UnsubscribeAsync(NoticeLinkOwner? owner, Subscriptions subscriptions, CancellationToken cancellationToken)
    {
        if (owner is null)
        {
            return Invalid();
        }

        await subscriptions.StopAsync(owner, cancellationToken);
        return Screen(NoticeScreenKind.Unsubscribe, owner, isStopped: true);
    }

    private static async Task<RazorComponentResult> ConfirmAsync(NoticeLinkOwner? owner, Subscriptions subscriptions, CancellationToken cancellationToken)
    {
        if (owner is null || !await subscriptions.ConfirmAsync(owner, cancellationToken))
        {
            return Invalid();
        }

        return Screen(NoticeScreenKind.Confirmed, owner, await subscriptions.IsStoppedAsync(owner, cancellationToken));
    }

    private static RazorComponentResult Screen(NoticeScreenKind kind, NoticeLinkOwner owner, bool isStopped) => StandalonePage.Result(
        StatusCodes.Status200OK,
        typeof(NoticeScreen),
        new Dictionary<string, object>
        {
            [nameof(NoticeScreen.Kind)] = kind,
            [nameof(NoticeScreen.Address)] = owner.Email,
            [nameof(NoticeScreen.IsStopped)] = isStopped,
        });

    private static RazorComponentResult Invalid() => StandalonePage.Result(
        StatusCodes.Status404NotFound, typeof(NoticeScreen), new Dictionary<string, object> { [nameof(NoticeScreen.Kind)] = NoticeScreenKind.Invalid });
}
