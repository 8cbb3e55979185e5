using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlazorBlog.Hosting;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>Where and how to reach the mail server: the settings with nothing left open.</summary>
public sealed class SmtpEndpoint
{
    /// <summary>How many answers may come at the last moment.</summary>
    private const int AnswersPerMail = 3;

    /// <summary>In ASCII.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    public required SmtpSecurity Security { get; init; }

    public SmtpAuth Auth { get; init; } = SmtpAuth.Auto;

    /// <summary>Null: the server is used without authentication.</summary>
    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>Longest wait for one answer, and for one write.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest time for one mail, connecting included: a server that answers each command just in time would else hold a connection for
    /// ten of those times.
    /// </summary>
    public TimeSpan MailTimeout => Timeout * AnswersPerMail;

    /// <summary>Private authorities trusted beside the system's.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>Our name in EHLO; null takes the address of our end of the connection.</summary>
    public string? HelloName { get; init; }

    /// <summary>From <paramref name="settings"/> without errors, for the Smtp transport.</summary>
    public static SmtpEndpoint From(EmailSettings settings, SiteSettings site) => new()
    {
        Host = AsciiHost(settings.EffectiveHost ?? throw new InvalidOperationException("Email:Host is missing.")),
        Port = settings.EffectivePort,
        Security = settings.EffectiveSecurity,
        Auth = settings.Auth,
        Username = settings.Username,
        Password = settings.Password,
        Timeout = settings.Timeout,
        Authorities = settings.CaFile is { } file ? ReadAuthorities(file) : [],
        // Google's relay wants to be greeted with a name of ours. It is the site's, not the sender's: a greeting with gmail.com looks forged to it.
        HelloName = site.BaseUrl.HostNameType == UriHostNameType.Dns && site.BaseUrl.IdnHost.Contains('.', StringComparison.Ordinal) ? site.BaseUrl.IdnHost : null,
    };

    private static string AsciiHost(string host) => Uri.CheckHostName(host) == UriHostNameType.Dns ? new UriBuilder { Host = host }.Uri.IdnHost : host;

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="CryptographicException">It holds no certificate in PEM.</exception>
    public static X509Certificate2Collection ReadAuthorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("No certificate found.");
    }
}
