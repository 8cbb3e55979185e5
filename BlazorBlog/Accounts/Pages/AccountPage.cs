using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Components;
using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.Pages;

/// <summary>
/// A page with forms that are rendered and answered on the server: they work without scripts, and only a request can write the cookie of
/// a sign-in. Fields are read as they were posted, so that a rejected form shows what was typed.
/// </summary>
public abstract class AccountPage : ComponentBase
{
    [CascadingParameter]
    protected HttpContext Http { get; set; } = null!;

    [Inject]
    private AccountRateLimiter Limits { get; set; } = null!;

    /// <summary>Where the person came from.</summary>
    [SupplyParameterFromQuery]
    protected string? ReturnUrl { get; set; }

    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    [Inject]
    protected SiteSettings Site { get; set; } = null!;

    [Inject]
    protected IStringLocalizer<Texts> L { get; set; } = null!;

    /// <summary>One message per field; the empty key is for the form as a whole.</summary>
    protected IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>();

    /// <summary>What was posted in a field; empty when nothing was.</summary>
    protected string Field(string name) => Http.Request.HasFormContentType ? Http.Request.Form[name].ToString() : "";

    /// <summary>What a field holds when the page is shown: what was typed, else what is known.</summary>
    protected string Field(string name, string known) => Http.Request.HasFormContentType && Http.Request.Form.ContainsKey(name) ? Field(name) : known;

    protected bool IsChecked(string name) => Field(name).Length > 0;

    protected string? Error(string name) => Errors.GetValueOrDefault(name);

    /// <summary>Shows the form again with what is wrong.</summary>
    protected void Refuse(IReadOnlyDictionary<string, string> errors)
    {
        Errors = errors;
        Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
    }

    /// <inheritdoc cref="Refuse(IReadOnlyDictionary{string, string})"/>
    protected void Refuse(string field, string message) => Refuse(new Dictionary<string, string> { [field] = message });

    /// <summary>Shows the form again, and when to send it.</summary>
    protected void Limit(TimeSpan retryAfter)
    {
        var seconds = Http.Response.SetRetryAfter(retryAfter);
        Refuse("", seconds < 120
            ? L["That was a lot at once. Please try again in {0} seconds.", seconds]
            : L["That was a lot at once. Please try again in {0} minutes.", (seconds + 59) / 60]);
        Http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
    }

    /// <summary>Whether a password or a code may be tried now; else the page says when.</summary>
    protected bool MayGuess()
    {
        if (Limits.TryGuess(Http.Connection.RemoteIpAddress, out var retryAfter))
        {
            return true;
        }

        Limit(retryAfter);
        return false;
    }

    /// <summary>Whether a mail may be asked for now; else the page says when.</summary>
    protected bool MayMail(string mailbox)
    {
        if (Limits.TryMail(Http.Connection.RemoteIpAddress, mailbox, out var retryAfter))
        {
            return true;
        }

        Limit(retryAfter);
        return false;
    }

    /// <summary>Whether a picture may be uploaded now; else the page says when.</summary>
    protected bool MayUpload()
    {
        if (Limits.TryPicture(Http.User.UserId() ?? default, out var retryAfter))
        {
            return true;
        }

        Limit(retryAfter);
        return false;
    }

    /// <summary>Goes where a first step of signing in leads.</summary>
    /// <returns>False when it leads nowhere: then the page says why.</returns>
    protected bool GoOn(SignInOutcome outcome, string? returnUrl)
    {
        switch (outcome)
        {
            case SignInOutcome.Done:
                GoTo(LocalUrl.OrHome(returnUrl));
                return true;
            case SignInOutcome.NeedsSecondFactor:
                GoTo(LocalUrl.With("/account/login/two-factor", returnUrl));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Answers with a redirect to a path of this blog.</summary>
    protected void GoTo(string path) => Navigation.NavigateTo(path);

    /// <summary>Answers with a redirect to where the person came from.</summary>
    protected void GoBack() => GoTo(LocalUrl.OrHome(ReturnUrl));

    /// <summary>Another of these pages, which leads back to the same place.</summary>
    protected string Beside(string path) => LocalUrl.With(path, ReturnUrl);
}
