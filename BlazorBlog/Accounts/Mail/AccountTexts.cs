using BlazorBlog.Components;
using BlazorBlog.Hosting;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.Mail;

/// <summary>Sentences that the plain and the rich form of a mail about an account share.</summary>
internal static class AccountTexts
{
    public static string Subject(AccountLetter letter, SiteSettings site, IStringLocalizer<Texts> texts) => letter.Kind switch
    {
        // The code comes first: a phone shows it without the mail being opened.
        AccountMailKind.SignUp => texts["{0} is your code for {1}", letter.Code!, site.Title],
        AccountMailKind.AlreadyKnown => texts["You already have an account at {0}", site.Title],
        AccountMailKind.SignIn => texts["{0} is your code for {1}", letter.Code!, site.Title],
        AccountMailKind.ResetPassword => texts["Choose a new password for {0}", site.Title],
        AccountMailKind.ChangeEmail => texts["Confirm your new address for {0}", site.Title],
        _ => Change(letter.Change, texts),
    };

    public static string Lead(AccountLetter letter, SiteSettings site, IStringLocalizer<Texts> texts) => letter.Kind switch
    {
        AccountMailKind.SignUp => texts["Type this code where you began to sign up, and your account is ready:"],
        AccountMailKind.AlreadyKnown => texts["Somebody, most likely you, tried to sign up at {0} with this address. You have an account already; this code signs you in, in the window where you began:", site.Title],
        AccountMailKind.SignIn => texts["Type this code where you began to sign in:"],
        AccountMailKind.ResetPassword => texts["Open this link and choose a new password for {0}:", site.Title],
        AccountMailKind.ChangeEmail => texts["Open this link to use this address for your account at {0}:", site.Title],
        _ => Explanation(letter.Change, site, texts),
    };

    public static string Action(AccountLetter letter, IStringLocalizer<Texts> texts) => letter.Kind switch
    {
        AccountMailKind.ResetPassword => texts["Choose a new password"],
        AccountMailKind.ChangeEmail => texts["Use this address"],
        _ => texts["Confirm my address"],
    };

    public static string Footer(AccountLetter letter, SiteSettings site, IStringLocalizer<Texts> texts) => letter.Kind switch
    {
        AccountMailKind.Changed => texts["It was not you? Choose a new password at once: {0}", site.Link("account/forgot")],
        AccountMailKind.ChangeEmail or AccountMailKind.ResetPassword => texts["Good for {0} minutes. It was not you? Then nothing changes as long as nobody opens the link.", (int)EmailVerifications.Lifetime.TotalMinutes],
        _ => texts["Good for {0} minutes. Nobody from {1} will ever ask you for it. It was not you? Then do nothing.", (int)EmailVerifications.Lifetime.TotalMinutes, site.Title],
    };

    private static string Change(AccountChange? change, IStringLocalizer<Texts> texts) => change switch
    {
        AccountChange.Password => texts["Your password was changed"],
        AccountChange.Email => texts["Your address was changed"],
        AccountChange.TwoFactorOn => texts["Two-step verification was turned on"],
        AccountChange.TwoFactorOff => texts["Two-step verification was turned off"],
        AccountChange.RecoveryCodes => texts["New recovery codes were made"],
        AccountChange.PasskeyAdded => texts["A passkey was added"],
        AccountChange.PasskeyRemoved => texts["A passkey was removed"],
        AccountChange.ExternalAdded => texts["Another way to sign in was added"],
        AccountChange.ExternalRemoved => texts["A way to sign in was removed"],
        _ => texts["Your account was deleted"],
    };

    private static string Explanation(AccountChange? change, SiteSettings site, IStringLocalizer<Texts> texts) => change switch
    {
        AccountChange.Deleted => texts["Your account at {0} is gone, and with it what we knew of you. Thank you for the time you spent here.", site.Title],
        AccountChange.Email => texts["From now on mail about your account at {0} goes to the new address, and this one is not used any more.", site.Title],
        _ => texts["This was done to your account at {0} just now. All other browsers in which you were signed in are signed out.", site.Title],
    };
}
