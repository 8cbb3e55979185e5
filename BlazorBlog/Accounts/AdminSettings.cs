using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Hosting;

namespace BlazorBlog.Accounts;

public sealed class AdminSettings : ISettings
{
    /// <summary>Address of the first administrator, created at start when there is none.</summary>
    public string? Email { get; set; }

    public string? Password { get; set; }

    /// <summary>Administrators get at what is theirs only after a sign-in with two factors or a passkey.</summary>
    public bool RequireTwoFactor { get; set; } = true;

    public IEnumerable<string> Validate(string section)
    {
        if (Email is not null && !EmailAddress.TryParse(Email, out _))
        {
            yield return $"{section}:Email: '{Email}' is not an email address.";
        }

        if (Email is null != Password is null)
        {
            yield return $"{section}:{(Email is null ? nameof(Email) : nameof(Password))}: is missing. The first administrator needs both {section}:Email and {section}:Password.";
        }
        else if (Password is not null && PasswordRules.Weakness(Password, [Email!]) is { } weakness)
        {
            yield return $"{section}:Password: {weakness.Explain()}";
        }
    }
}
