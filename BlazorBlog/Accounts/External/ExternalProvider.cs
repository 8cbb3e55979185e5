using System.Globalization;
using System.Text.Json;
using BlazorBlog.Hosting;

namespace BlazorBlog.Accounts.External;

/// <summary>Where a provider lets people sign in, and how it says who they are.</summary>
/// <param name="Name">Also the name of its scheme and of its settings.</param>
/// <param name="AuthorizationUrl">Where the browser is sent.</param>
/// <param name="TokenUrl">Where the code is exchanged.</param>
/// <param name="UserUrl">Who it is.</param>
/// <param name="Scopes">What is asked for.</param>
/// <param name="Read">Reads the answer of <paramref name="UserUrl"/>.</param>
internal sealed record ExternalProvider(
    string Name, Uri AuthorizationUrl, Uri TokenUrl, Uri UserUrl, IReadOnlyList<string> Scopes, Func<JsonElement, ExternalPerson> Read)
{
    /// <summary>Has the confirmed addresses, which the answer about the user lacks; else null.</summary>
    public Uri? EmailsUrl { get; init; }

    /// <summary>GitHub Docs, "Authorizing OAuth apps" and "REST API endpoints for emails".</summary>
    public static readonly ExternalProvider GitHub = new(
        "GitHub",
        new("https://github.com/login/oauth/authorize"),
        new("https://github.com/login/oauth/access_token"),
        new("https://api.github.com/user"),
        ["read:user", "user:email"],
        user => new(Text(user, "id"), Text(user, "name") ?? Text(user, "login"), null, false))
    {
        EmailsUrl = new("https://api.github.com/user/emails"),
    };

    /// <summary>Google Identity, "OpenID Connect".</summary>
    public static readonly ExternalProvider Google = new(
        "Google",
        new("https://accounts.google.com/o/oauth2/v2/auth"),
        new("https://oauth2.googleapis.com/token"),
        new("https://openidconnect.googleapis.com/v1/userinfo"),
        ["openid", "email", "profile"],
        user => new(Text(user, "sub"), Text(user, "name"), Text(user, "email"), Flag(user, "email_verified")));

    /// <summary>NAVER Developers, "네이버 로그인 API 명세". It does not say whether the address is confirmed.</summary>
    public static readonly ExternalProvider Naver = new(
        "Naver",
        new("https://nid.naver.com/oauth2.0/authorize"),
        new("https://nid.naver.com/oauth2.0/token"),
        new("https://openapi.naver.com/v1/nid/me"),
        [],
        answer => Part(answer, "response") is { } user
            ? new(Text(user, "id"), Text(user, "nickname") ?? Text(user, "name"), Text(user, "email"), false)
            : default);

    /// <summary>Kakao Developers, "카카오 로그인 REST API".</summary>
    public static readonly ExternalProvider Kakao = new(
        "Kakao",
        new("https://kauth.kakao.com/oauth/authorize"),
        new("https://kauth.kakao.com/oauth/token"),
        new("https://kapi.kakao.com/v2/user/me"),
        [],
        user => Part(user, "kakao_account") is { } account
            ? new(Text(user, "id"), Part(account, "profile") is { } profile ? Text(profile, "nickname") : null, Text(account, "email"),
                Flag(account, "is_email_valid") && Flag(account, "is_email_verified"))
            : new(Text(user, "id"), null, null, false));

    /// <summary>What people call it.</summary>
    public string DisplayName => Name switch
    {
        "Naver" => "NAVER",
        "Kakao" => "Kakao",
        _ => Name,
    };

    /// <summary>Takes the address that GitHub calls primary and verified.</summary>
    public static string? ReadVerifiedEmail(JsonElement emails) => emails.ValueKind == JsonValueKind.Array
        ? emails.EnumerateArray().Where(email => Flag(email, "verified") && Flag(email, "primary")).Select(email => Text(email, "email")).FirstOrDefault()
        : null;

    private static JsonElement? Part(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? part : null;

    private static string? Text(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => TypedText.Of(value),
            JsonValueKind.Number => value.GetInt64().ToString(CultureInfo.InvariantCulture),
            _ => null,
        }
        : null;

    private static bool Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && TypedText.Of(value) == "true"));
}

/// <param name="Id">The provider's own id of the person, which never changes.</param>
/// <param name="Name">As they are called there.</param>
/// <param name="Email">Their address.</param>
/// <param name="EmailVerified">The provider has asked the mailbox.</param>
internal readonly record struct ExternalPerson(string? Id, string? Name, string? Email, bool EmailVerified);
