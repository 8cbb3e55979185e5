using System.Text;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>
/// The AUTH exchanges (RFC 4954; PLAIN of RFC 4616; LOGIN of draft-murchison-sasl-login; XOAUTH2 of Google's "OAuth 2.0 mechanism").
/// Each is the command and then one answer for each question (334) of the server.
/// </summary>
public sealed record SmtpAuthentication(string Command, IReadOnlyList<string> Answers)
{
    /// <summary>Null when the server offers nothing that the settings allow.</summary>
    /// <param name="endpoint">Has a Username.</param>
    /// <param name="offered">Mechanisms of the server, upper case.</param>
    /// <param name="accessToken">Only for XOAUTH2; with it, <see cref="SmtpAuth.Auto"/> takes no password mechanism.</param>
    public static SmtpAuthentication? Choose(SmtpEndpoint endpoint, IReadOnlySet<string> offered, string? accessToken)
    {
        var auth = endpoint.Auth switch
        {
            SmtpAuth.Auto when accessToken is not null => SmtpAuth.XOAuth2,
            SmtpAuth.Auto => offered.Contains("PLAIN") ? SmtpAuth.Plain : SmtpAuth.Login,
            _ => endpoint.Auth,
        };
        var user = endpoint.Username ?? "";
        return !offered.Contains(auth.ToString().ToUpperInvariant()) ? null : auth switch
        {
            SmtpAuth.Plain => Plain(user, endpoint.Password ?? ""),
            SmtpAuth.Login => Login(user, endpoint.Password ?? ""),
            _ => XOAuth2(user, accessToken ?? ""),
        };
    }

    public static SmtpAuthentication Plain(string user, string password) => new($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", []);

    public static SmtpAuthentication Login(string user, string password) => new("AUTH LOGIN", [Base64(user), Base64(password)]);

    /// <summary>A refusal comes as a question that holds its reason; the empty answer makes the server end with 535.</summary>
    public static SmtpAuthentication XOAuth2(string user, string accessToken) =>
        new($"AUTH XOAUTH2 {Base64($"user={user}\u0001auth=Bearer {accessToken}\u0001\u0001")}", [""]);

    // The generated ToString of a record would show the secrets.
    public override string ToString() => nameof(SmtpAuthentication);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
