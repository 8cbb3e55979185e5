using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>
/// Access tokens for XOAUTH2, bought with the refresh token of the settings (RFC 6749, 6). One request at a time, however many
/// connections ask.
/// </summary>
public sealed partial class OAuthTokenSource(HttpClient http, EmailOAuthSettings settings, TimeProvider time) : IDisposable
{
    /// <summary>A token must outlive the connection that is about to be opened with it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Used when the server does not say (RFC 6749, 5.1: recommended, not required).</summary>
    private const int DefaultLifetimeSeconds = 300;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Token? _token;
    private string? _refreshToken = settings.RefreshToken;

    /// <exception cref="SendFailedException">The token server refuses (Authentication) or cannot be reached (Connection).</exception>
    public Task<string> GetAsync(CancellationToken cancellationToken) => GetAsync(refused: null, cancellationToken);

    /// <summary>A token other than <paramref name="refused"/>, which the mail server did not take.</summary>
    /// <exception cref="SendFailedException">The token server refuses (Authentication) or cannot be reached (Connection).</exception>
    public Task<string> RenewAsync(string refused, CancellationToken cancellationToken) => GetAsync(refused, cancellationToken);

    public void Dispose()
    {
        _turn.Dispose();
        http.Dispose();
    }

    private async Task<string> GetAsync(string? refused, CancellationToken cancellationToken)
    {
        if (Usable(refused) is { } known)
        {
            return known;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Another caller may have fetched it while this one waited.
            return Usable(refused) ?? (_token = await RequestAsync(cancellationToken)).Value;
        }
        finally
        {
            _turn.Release();
        }
    }

    private string? Usable(string? refused) =>
        _token is { } token && token.Value != refused && time.GetUtcNow() < token.ExpiresAt - Margin ? token.Value : null;

    private async Task<Token> RequestAsync(CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = settings.ClientId,
            ["client_secret"] = settings.ClientSecret,
            ["refresh_token"] = _refreshToken,
        };
        try
        {
            using var content = new FormUrlEncodedContent(form.Where(field => field.Value is not null)!);
            using var response = await http.PostAsync(settings.TokenUrl, content, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? Read(body) : throw Refused((int)response.StatusCode, body);
        }
        catch (HttpRequestException exception)
        {
            throw SendFailedException.ChannelDown(ChannelFault.Connection, "oauth", $"The token server cannot be reached ({exception.HttpRequestError}).");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw SendFailedException.ChannelDown(ChannelFault.Connection, "oauth", "The token server did not answer in time.");
        }
    }

    private Token Read(string body)
    {
        if (!TryParse(body, out var answer) || Text(answer, "access_token") is not { Length: > 0 } value || value.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw SendFailedException.ChannelDown(ChannelFault.Authentication, "oauth", "The token server's answer holds no access token.");
        }

        // Some servers issue a new refresh token each time and revoke the old one.
        _refreshToken = Text(answer, "refresh_token") ?? _refreshToken;
        var lifetime = answer.TryGetProperty("expires_in", out var seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt32(out var number)
            ? number
            : DefaultLifetimeSeconds;
        return new Token(value, time.GetUtcNow().AddSeconds(lifetime));
    }

    private static SendFailedException Refused(int status, string body)
    {
        var error = TryParse(body, out var answer) && Text(answer, "error") is { } code && ErrorCode().IsMatch(code) ? $": {code}" : "";
        var fault = status is 429 or >= 500 ? ChannelFault.Connection : ChannelFault.Authentication;
        return SendFailedException.ChannelDown(fault, $"oauth {status}", $"The token server refused{error}.");
    }

    private static bool TryParse(string body, [NotNullWhen(true)] out JsonElement answer)
    {
        try
        {
            answer = JsonSerializer.Deserialize<JsonElement>(body);
            return answer.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            answer = default;
            return false;
        }
    }

    private static string? Text(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? TypedText.Of(value) : null;

    [GeneratedRegex("^[a-z_]{1,40}$")]
    private static partial Regex ErrorCode();

    private sealed class Token(string value, DateTimeOffset expiresAt)
    {
        public string Value { get; } = value;

        public DateTimeOffset ExpiresAt { get; } = expiresAt;
    }
}
