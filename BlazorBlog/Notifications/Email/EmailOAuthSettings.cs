namespace BlazorBlog.Notifications.Email;

/// <summary>How access tokens for XOAUTH2 are bought (RFC 6749, 6).</summary>
public sealed class EmailOAuthSettings
{
    /// <summary>E.g. <c>https://oauth2.googleapis.com/token</c>.</summary>
    public Uri? TokenUrl { get; set; }

    public string? ClientId { get; set; }

    /// <summary>Google requires it; a public client of other providers has none.</summary>
    public string? ClientSecret { get; set; }

    public string? RefreshToken { get; set; }

    /// <summary>At least one key is set.</summary>
    public bool IsUsed => TokenUrl is not null || ClientId is not null || ClientSecret is not null || RefreshToken is not null;

    public IEnumerable<string> Validate(string section)
    {
        if (TokenUrl is null)
        {
            yield return $"{section}:TokenUrl: is missing; XOAUTH2 needs it.";
        }
        else if (TokenUrl.Scheme != Uri.UriSchemeHttps && !TokenUrl.IsLoopback)
        {
            yield return $"{section}:TokenUrl: must be https, secrets are sent there.";
        }

        if (ClientId is null)
        {
            yield return $"{section}:ClientId: is missing; XOAUTH2 needs it.";
        }

        if (RefreshToken is null)
        {
            yield return $"{section}:RefreshToken: is missing; XOAUTH2 needs it.";
        }
    }
}
