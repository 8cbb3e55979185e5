using BlazorBlog.Hosting;

namespace BlazorBlog.Notifications.Email;

public enum EmailTransportKind { None, Smtp, File, Console, Memory }

public enum EmailPreset { Gmail, GoogleWorkspace, NaverWorks }

public enum SmtpSecurity { None, StartTls, Tls }

public enum SmtpAuth { Auto, Plain, Login, XOAuth2 }

public sealed class EmailSettings : ISettings
{
    public EmailTransportKind Transport { get; set; } = EmailTransportKind.None;

    /// <summary>Fills host, port and security of a known provider; what is written out beside it wins.</summary>
    public EmailPreset? Preset { get; set; }

    public string? Host { get; set; }

    public int? Port { get; set; }

    /// <summary>None without Username and Preset, else StartTls.</summary>
    public SmtpSecurity? Security { get; set; }

    public SmtpAuth Auth { get; set; } = SmtpAuth.Auto;

    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>PEM file of a private certificate authority, trusted beside the system's.</summary>
    public string? CaFile { get; set; }

    /// <summary>Sender's address; <c>blog@{host of Site:BaseUrl}</c> when absent.</summary>
    public string? From { get; set; }

    public string? FromName { get; set; }

    /// <summary>Longest wait for one answer of the server.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    public int Connections { get; set; } = 2;

    /// <summary>Where the File transport writes; relative to the content root.</summary>
    public string Directory { get; set; } = "App_Data/outbox";

    /// <summary>Addresses that get every comment of the blog.</summary>
    public IReadOnlyList<string> DefaultRecipients { get; set; } = [];

    public EmailOAuthSettings OAuth { get; set; } = new();

    public IEnumerable<string> Validate(string section)
    {
        if (Connections is < 1 or > 64)
        {
            yield return $"{section}:Connections: must be from 1 to 64.";
        }
    }
}

public sealed class EmailOAuthSettings
{
    public Uri? TokenUrl { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    public string? RefreshToken { get; set; }
}
