using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using BlazorBlog.Accounts;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Notifications.Email;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Support;

/// <summary>
/// A person at the account pages: keeps every cookie, follows no redirect, and posts forms as the pages have them. It speaks plain HTTP to
/// a blog whose public address is https, and so sends cookies back that a browser would keep for the proxy.
/// </summary>
public sealed partial class AccountVisitor(TestBlog blog) : IDisposable
{
    public const string Password = "quiet rivers run deep";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = blog.Address };
    private readonly Dictionary<string, int> _read = [];

    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>Whether the proxy in front of the blog says that it was reached by TLS.</summary>
    public bool SaysHttps { get; set; }

    /// <summary>Where the proxy says that the visitor comes from; null for this machine.</summary>
    public string? Network { get; set; }

    public BlogUser User { get; private set; } = null!;

    public string Email => User.Email!;

    /// <summary>An account in the database, and nobody signed in to it.</summary>
    public static Task<BlogUser> AddAsync(TestBlog blog, string role = Roles.Reader, Action<BlogUser>? change = null) => TestPeople.AddAsync(
        blog.Services,
        role,
        user =>
        {
            user.PasswordHash = blog.Services.GetRequiredService<IPasswordHasher<BlogUser>>().HashPassword(user, Password);
            change?.Invoke(user);
        });

    /// <summary>Somebody with a new account who is signed in by password, or, where a role asks for it, with two factors.</summary>
    public static async Task<AccountVisitor> SignedInAsync(TestBlog blog, string role = Roles.Reader, bool strong = false, Action<BlogUser>? change = null)
    {
        var visitor = new AccountVisitor(blog);
        var answer = await visitor.SignInAsync(await AddAsync(blog, role, change));
        answer.MustLeadTo("/");
        if (strong || role == Roles.Administrator)
        {
            await blog.ChangeAsync(db => db.SignInSessions.Where(session => session.UserId == visitor.User.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.Method, SignInMethod.TwoFactor)));
        }

        return visitor;
    }

    /// <summary>The same cookies in another hand.</summary>
    public AccountVisitor Copy()
    {
        var copy = new AccountVisitor(blog) { User = User };
        foreach (var (name, value) in Cookies)
        {
            copy.Cookies[name] = value;
        }

        return copy;
    }

    public Task<AccountResponse> GetAsync(string path, Action<HttpRequestMessage>? change = null) => SendAsync(HttpMethod.Get, path, null, change);

    /// <summary>Opens a page and posts one of its forms.</summary>
    /// <param name="path">The page.</param>
    /// <param name="handler">Name of the form.</param>
    /// <param name="fields">What is typed; an empty value unchecks a box.</param>
    public async Task<AccountResponse> SubmitAsync(string path, string handler, params (string Name, string Value)[] fields)
    {
        var page = await GetAsync(path);
        Assert.True(page.Form(handler) is not null, $"{path} answered {(int)page.Status} to '{page.LocalPath}' and has no form '{handler}': {page.Document.Title}");
        return await SubmitAsync(page, page.Form(handler)!, fields);
    }

    /// <summary>Posts a form of a page that is open.</summary>
    public Task<AccountResponse> SubmitAsync(AccountResponse page, IHtmlFormElement form, params (string Name, string Value)[] fields)
    {
        var values = AccountResponse.FieldsOf(form);
        foreach (var (name, value) in fields)
        {
            values[name] = value;
        }

        return PostAsync(form.GetAttribute("action") ?? page.Path, values);
    }

    public Task<AccountResponse> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> fields, Action<HttpRequestMessage>? change = null) =>
        SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields), change);

    public async Task<AccountResponse> SendAsync(HttpMethod method, string path, HttpContent? content, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        if (SaysHttps)
        {
            request.Headers.Add("X-Forwarded-Proto", "https");
        }

        if (Network is not null)
        {
            request.Headers.Add("X-Forwarded-For", Network);
        }

        change?.Invoke(request);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        string[] cookies = response.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set] : [];
        foreach (var cookie in cookies)
        {
            Keep(cookie);
        }

        var location = response.Headers.Location;
        return new AccountResponse(
            path,
            response.StatusCode,
            location?.OriginalString,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            cookies,
            response.Headers.TryGetValues("Retry-After", out var wait) ? string.Join(',', wait) : null)
        {
            ContentSecurityPolicy = response.Headers.TryGetValues("Content-Security-Policy", out var policies) ? string.Join(',', policies) : "",
            LocalPath = location is { IsAbsoluteUri: true } && location.Authority == blog.Address.Authority ? location.PathAndQuery + location.Fragment : location?.OriginalString,
        };
    }

    /// <summary>Types address and password.</summary>
    public Task<AccountResponse> SignInAsync(BlogUser user, string password = Password, bool remember = true, string page = "/account/login")
    {
        User = user;
        return SubmitAsync(page, "login", ("Email", user.Email!), ("Password", password), ("Remember", remember ? "true" : ""));
    }

    /// <summary>Asks for a code and types it.</summary>
    public async Task<AccountResponse> SignInByCodeAsync(BlogUser user, string page = "/account/login/code")
    {
        User = user;
        (await SubmitAsync(page, "ask-code", ("Email", user.Email!))).MustLeadTo("/account/code");
        return await SubmitAsync("/account/code", "code", ("Code", CodeIn(await MailAsync(user.Email!))));
    }

    /// <summary>Whether the blog takes this browser for signed in.</summary>
    public async Task<bool> IsSignedInAsync() => (await GetAsync("/account")).Status == HttpStatusCode.OK;

    /// <summary>Turns two-factor sign-in on.</summary>
    /// <returns>The app's secret, and the recovery codes.</returns>
    public async Task<(string Secret, IReadOnlyList<string> Recovery)> EnableTwoFactorAsync(string page = "/account/two-factor")
    {
        var setup = await GetAsync(page);
        var secret = setup.Document.QuerySelector("code")!.TextContent;
        var done = (await SubmitAsync(setup, setup.Form("two-factor")!, ("Code", AuthenticatorApp.Code(secret)))).MustBe(HttpStatusCode.OK);
        return (secret, [.. done.Document.QuerySelectorAll(".codes code").Select(code => code.TextContent)]);
    }

    /// <summary>The next mail to an address that this person has not read yet.</summary>
    public async Task<EmailMessage> MailAsync(string address)
    {
        var number = _read.GetValueOrDefault(address);
        _read[address] = number + 1;
        return await Eventually.WaitForAsync(
            () => Task.FromResult(MailsTo(address).ElementAtOrDefault(number)), $"mail {number + 1} to {address} was sent");
    }

    public IEnumerable<EmailMessage> MailsTo(string address) => blog.Mails.Where(mail => mail.To.Address == address);

    public static string CodeIn(EmailMessage mail)
    {
        var match = SixDigits().Match(mail.Text);
        Assert.True(match.Success, $"The mail '{mail.Subject}' has no code: {mail.Text}");
        return match.Value;
    }

    /// <summary>The link of a mail that leads below a path.</summary>
    public static string LinkIn(EmailMessage mail, string below)
    {
        var match = Link().Matches(mail.Text).Select(link => link.Groups[1].Value).FirstOrDefault(path => path.StartsWith(below, StringComparison.Ordinal));
        Assert.True(match is not null, $"The mail '{mail.Subject}' has no link below {below}: {mail.Text}");
        return match;
    }

    public void Dispose() => _http.Dispose();

    private void Keep(string header)
    {
        var pair = header.Split(';')[0].Split('=', 2);
        if (pair[1].Length == 0 || header.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase))
        {
            Cookies.Remove(pair[0]);
        }
        else
        {
            Cookies[pair[0]] = pair[1];
        }
    }

    [GeneratedRegex(@"(?<![\w/=-])\d{6}(?![\w-])")]
    private static partial Regex SixDigits();

    [GeneratedRegex(@"https://blog\.example(/[^\s""<>]+)")]
    private static partial Regex Link();
}
