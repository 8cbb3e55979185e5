using System.Security.Cryptography;
using BlazorBlog.Accounts;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Email.Smtp;

namespace BlazorBlog.Notifications.Email;

public enum EmailTransportKind { None, Smtp, File, Console, Memory }

public static class EmailTransportKinds
{
    /// <summary>Mail leaves this machine; the other transports are for developing.</summary>
    public static bool WritesToPeople(this EmailTransportKind transport) => transport == EmailTransportKind.Smtp;
}

public enum EmailPreset { Gmail, GoogleWorkspace, NaverWorks }

/// <summary>None: in clear. StartTls: in clear until STARTTLS (RFC 3207). Tls: from the first octet (RFC 8314).</summary>
public enum SmtpSecurity { None, StartTls, Tls }

/// <summary>Auto: XOAUTH2 when OAuth is set, else PLAIN, else LOGIN, as the server offers.</summary>
public enum SmtpAuth { Auto, Plain, Login, XOAuth2 }

public sealed class EmailSettings : ISettings
{
    private const int PlainPort = 25;
    private const int StartTlsPort = 587;
    private const int TlsPort = 465;

    public EmailTransportKind Transport { get; set; } = EmailTransportKind.None;

    internal bool SendsMail => Transport != EmailTransportKind.None;

    /// <summary>Fills host, port and security of a known provider; what is written out beside it wins.</summary>
    public EmailPreset? Preset { get; set; }

    public string? Host { get; set; }

    /// <summary>25 without security, 587 with StartTls, 465 with Tls when absent.</summary>
    public int? Port { get; set; }

    /// <summary>None without Username and Preset, else StartTls.</summary>
    public SmtpSecurity? Security { get; set; }

    public SmtpAuth Auth { get; set; } = SmtpAuth.Auto;

    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>PEM file of a private certificate authority, trusted beside the system's; best an absolute path.</summary>
    public string? CaFile { get; set; }

    /// <summary>Sender's address; <c>blog@{host of Site:BaseUrl}</c> when absent.</summary>
    public string? From { get; set; }

    /// <summary>Sender's name; the site's title when absent.</summary>
    public string? FromName { get; set; }

    /// <summary>Longest wait for one answer of the server; one mail as a whole may take three times as long.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    public int Connections { get; set; } = 2;

    /// <summary>Where the File transport writes; relative to the content root.</summary>
    public string Directory { get; set; } = "App_Data/outbox";

    /// <summary>Addresses that get every comment of the blog.</summary>
    public IReadOnlyList<string> DefaultRecipients { get; set; } = [];

    public EmailOAuthSettings OAuth { get; set; } = new();

    /// <summary>Hosts as the providers publish them; all of them speak STARTTLS on 587.</summary>
    public string? EffectiveHost => Host ?? Preset switch
    {
        EmailPreset.Gmail => "smtp.gmail.com",
        EmailPreset.GoogleWorkspace => "smtp-relay.gmail.com",
        EmailPreset.NaverWorks => "smtp.worksmobile.com",
        _ => null,
    };

    public SmtpSecurity EffectiveSecurity => Security ?? (Username is null && Preset is null ? SmtpSecurity.None : SmtpSecurity.StartTls);

    public int EffectivePort => Port ?? EffectiveSecurity switch
    {
        SmtpSecurity.None => PlainPort,
        SmtpSecurity.StartTls => StartTlsPort,
        _ => TlsPort,
    };

    public bool UsesOAuth => Auth == SmtpAuth.XOAuth2 || (Auth == SmtpAuth.Auto && OAuth.IsUsed);

    /// <summary>Who our mails are from.</summary>
    public Mailbox Sender(SiteSettings site) => new(From ?? $"blog@{MailDomain(site.BaseUrl)}", FromName ?? site.Title);

    public IEnumerable<string> Validate(string section) =>
    [
        .. ValidateServer(section),
        .. ValidateCredentials(section),
        .. UsesOAuth ? OAuth.Validate($"{section}:OAuth") : [],
        .. ValidateAuthorities(section),
        .. ValidateAddresses(section),
    ];

    private IEnumerable<string> ValidateServer(string section)
    {
        if (Transport == EmailTransportKind.Smtp && EffectiveHost is null)
        {
            yield return $"{section}:Host: is missing; the Smtp transport needs it, or {section}:Preset ({string.Join(", ", Enum.GetNames<EmailPreset>())}).";
        }

        if (Host is not null && Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            yield return $"{section}:Host: '{Host}' is not a host name. Write the port into {section}:Port.";
        }

        if (Port is < 1 or > 65535)
        {
            yield return $"{section}:Port: must be from 1 to 65535.";
        }

        // Either would wait for the other side to speak first, until the time is up.
        if (Port == TlsPort && EffectiveSecurity != SmtpSecurity.Tls)
        {
            yield return $"{section}:Security: port {TlsPort} speaks TLS from the first octet, so it must be Tls.";
        }

        if (Port is PlainPort or StartTlsPort && EffectiveSecurity == SmtpSecurity.Tls)
        {
            yield return $"{section}:Security: port {Port} begins in clear, so it must be StartTls; Tls is spoken on {TlsPort}.";
        }

        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromHours(1))
        {
            yield return $"{section}:Timeout: must be more than zero and at most one hour.";
        }

        if (Connections is < 1 or > 64)
        {
            yield return $"{section}:Connections: must be from 1 to 64.";
        }
    }

    private IEnumerable<string> ValidateCredentials(string section)
    {
        if (Username is not null && EffectiveSecurity == SmtpSecurity.None)
        {
            yield return $"{section}:Security: must be StartTls or Tls, because {section}:Username is set: credentials are never sent in clear.";
        }

        if (Username is null && (Password is not null || UsesOAuth || Auth != SmtpAuth.Auto))
        {
            yield return $"{section}:Username: is missing, though the settings ask for authentication.";
        }

        if (Username is null && Transport == EmailTransportKind.Smtp && Preset is EmailPreset.Gmail or EmailPreset.NaverWorks)
        {
            yield return $"{section}:Username: is missing; {Preset} takes no mail without one.";
        }

        if (Username is not null && Password is null && !UsesOAuth)
        {
            yield return $"{section}:Password: is missing, though {section}:Username is set.";
        }

        if (Auth is SmtpAuth.Plain or SmtpAuth.Login && OAuth.IsUsed)
        {
            yield return $"{section}:Auth: is {Auth}, but {section}:OAuth is set. Use XOAuth2 or Auto, or remove {section}:OAuth.";
        }

        foreach (var (key, value) in new[] { ("Username", Username), ("Password", Password), ("FromName", FromName) })
        {
            if (value is not null && value.Any(char.IsControl))
            {
                yield return $"{section}:{key}: holds a control character.";
            }
        }
    }

    private IEnumerable<string> ValidateAuthorities(string section)
    {
        if (CaFile is null)
        {
            yield break;
        }

        if (Transport == EmailTransportKind.Smtp && EffectiveSecurity == SmtpSecurity.None)
        {
            yield return $"{section}:CaFile: has no use while {section}:Security is None.";
        }

        string? error = null;
        try
        {
            SmtpEndpoint.ReadAuthorities(CaFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error = $"{section}:CaFile: '{CaFile}' cannot be read.";
        }
        catch (CryptographicException)
        {
            error = $"{section}:CaFile: '{CaFile}' holds no certificate in PEM.";
        }

        if (error is not null)
        {
            yield return error;
        }
    }

    private IEnumerable<string> ValidateAddresses(string section)
    {
        if (From is not null && !EmailAddress.TryParse(From, out _))
        {
            yield return $"{section}:From: '{From}' is not an email address. The name goes into {section}:FromName.";
        }

        foreach (var recipient in DefaultRecipients.Where(recipient => !EmailAddress.TryParse(recipient, out _)))
        {
            yield return $"{section}:DefaultRecipients: '{recipient}' is not an email address.";
        }
    }

    /// <summary>Numbers become address literals (RFC 5321, 4.1.3).</summary>
    private static string MailDomain(Uri site) => site.HostNameType switch
    {
        UriHostNameType.IPv4 => $"[{site.Host}]",
        UriHostNameType.IPv6 => $"[IPv6:{site.IdnHost}]",
        _ => site.IdnHost,
    };
}
