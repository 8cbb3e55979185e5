using BlazorBlog.Components;
using BlazorBlog.Notifications.Templates;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorBlog.Notifications.Unsubscribe;

/// <summary>
/// What the links in a mail lead to. GET only shows a button, because mail programs open links by themselves; POST acts. The token is the
/// authority: a mail provider posts without cookies and without a page of ours (RFC 8058).
/// </summary>
public static class SubscriptionEndpoints
{
    public static void MapSubscriptions(this IEndpointRouteBuilder routes)
    {
        var app = routes.MapGroup("").AllowAnonymous();
        app.MapGet("/notifications/{token}", (string token, NotificationLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            AskAsync(links.Read(NotificationLinkPurpose.Manage, token), subscriptions, SubscriptionViewKind.Manage, cancellation));
        app.MapPost("/notifications/{token}", (string token, HttpContext http, NotificationLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            ManageAsync(links.Read(NotificationLinkPurpose.Manage, token), http, subscriptions, cancellation));
        app.MapGet("/notifications/{token}/unsubscribe", (string token, NotificationLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            AskAsync(links.Read(NotificationLinkPurpose.Unsubscribe, token), subscriptions, SubscriptionViewKind.Unsubscribe, cancellation));
        app.MapPost("/notifications/{token}/unsubscribe", (string token, NotificationLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            UnsubscribeAsync(links.Read(NotificationLinkPurpose.Unsubscribe, token), subscriptions, cancellation));
        app.MapGet("/notifications/{token}/confirm", (string token, NotificationLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            AskAsync(links.Read(NotificationLinkPurpose.Confirm, token), subscriptions, SubscriptionViewKind.Confirm, cancellation));
        app.MapPost("/notifications/{token}/confirm", (string token, HttpContext http, NotificationLinks links, Subscriptions subscriptions, CancellationToken cancellation) =>
            ConfirmAsync(links.Read(NotificationLinkPurpose.Confirm, token), http, subscriptions, cancellation));
    }

    private static async Task<RazorComponentResult> AskAsync(
        NotificationLinkOwner? owner, Subscriptions subscriptions, SubscriptionViewKind kind, CancellationToken cancellationToken) =>
        owner is null ? Invalid() : Screen(
            kind,
            owner,
            await subscriptions.ReadAsync(owner, cancellationToken),
            kind == SubscriptionViewKind.Confirm ? await subscriptions.ReadOthersAsync(owner, cancellationToken) : []);

    private static async Task<RazorComponentResult> ManageAsync(
        NotificationLinkOwner? owner, HttpContext http, Subscriptions subscriptions, CancellationToken cancellationToken)
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

        return Screen(SubscriptionViewKind.Manage, owner, await subscriptions.ReadAsync(owner, cancellationToken));
    }

    private static async Task<RazorComponentResult> UnsubscribeAsync(NotificationLinkOwner? owner, Subscriptions subscriptions, CancellationToken cancellationToken)
    {
        if (owner is null)
        {
            return Invalid();
        }

        await subscriptions.StopAsync(owner, cancellationToken);
        return Screen(SubscriptionViewKind.Unsubscribe, owner, await subscriptions.ReadAsync(owner, cancellationToken));
    }

    private static async Task<RazorComponentResult> ConfirmAsync(
        NotificationLinkOwner? owner, HttpContext http, Subscriptions subscriptions, CancellationToken cancellationToken)
    {
        IEnumerable<string?> ticked = http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(cancellationToken))["guest"] : [];
        var others = ticked.Select(text => Guid.TryParse(text, out var id) ? id : (Guid?)null).OfType<Guid>().ToList();
        if (owner is null || !await subscriptions.ConfirmAsync(owner, others, cancellationToken))
        {
            return Invalid();
        }

        return Screen(SubscriptionViewKind.Confirmed, owner, await subscriptions.ReadAsync(owner, cancellationToken));
    }

    private static RazorComponentResult Screen(
        SubscriptionViewKind kind, NotificationLinkOwner owner, SubscriptionState state, IReadOnlyList<UnconfirmedGuest>? others = null) => PageResult.Result(
        StatusCodes.Status200OK,
        typeof(SubscriptionView),
        new Dictionary<string, object>
        {
            [nameof(SubscriptionView.Kind)] = kind,
            [nameof(SubscriptionView.Address)] = owner.Email,
            [nameof(SubscriptionView.State)] = state,
            [nameof(SubscriptionView.Others)] = others ?? [],
        });

    private static RazorComponentResult Invalid() => PageResult.Result(
        StatusCodes.Status404NotFound, typeof(SubscriptionView), new Dictionary<string, object> { [nameof(SubscriptionView.Kind)] = SubscriptionViewKind.Invalid });
}
