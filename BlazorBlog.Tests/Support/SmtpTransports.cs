using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Email.Smtp;

namespace BlazorBlog.Support;

/// <summary>Transports to a fake server, with its own credentials; a test states what matters to it.</summary>
public static class SmtpTransports
{
    /// <summary>Generous: only tests about silence shorten it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static SmtpTransport To(
        FakeSmtpServer smtp,
        SmtpSecurity security = SmtpSecurity.None,
        SmtpAuth? auth = null,
        TestCertificates? trusted = null,
        string host = "127.0.0.1",
        string? password = null,
        TimeSpan? timeout = null,
        int connections = 1,
        OAuthTokenSource? tokens = null,
        TimeSpan? idleLimit = null,
        string? hello = null) => new(
            new SmtpEndpoint
            {
                Host = host,
                Port = smtp.Port,
                Security = security,
                Auth = auth ?? SmtpAuth.Auto,
                Username = auth is null ? null : smtp.Options.Username,
                Password = password ?? smtp.Options.Password,
                Timeout = timeout ?? Patience,
                Authorities = trusted?.Authorities ?? [],
                HelloName = hello,
            },
            connections,
            tokens,
            TimeProvider.System,
            idleLimit);
}
