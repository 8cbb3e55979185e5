using System.Security.Cryptography.X509Certificates;

namespace BlazorBlog.Support;

/// <summary>What the server is and offers; behaviour in single commands is scripted with <see cref="FakeSmtpServer.On(string, FakeSmtpAction)"/>.</summary>
public sealed class FakeSmtpOptions
{
    /// <summary>0 takes a free one; a fixed one lets the server be stopped and started again.</summary>
    public int Port { get; set; }

    public bool Pipelining { get; set; } = true;

    public bool EightBitMime { get; set; } = true;

    public bool SmtpUtf8 { get; set; } = true;

    /// <summary>Null: SIZE is not offered. 0: offered without a limit.</summary>
    public long? Size { get; set; } = 0;

    /// <summary>Needed for <see cref="StartTls"/> and <see cref="ImplicitTls"/>.</summary>
    public X509Certificate2? Certificate { get; set; }

    public bool StartTls { get; set; }

    public bool ImplicitTls { get; set; }

    /// <summary>Mechanisms offered: PLAIN, LOGIN, XOAUTH2.</summary>
    public IReadOnlyList<string> Auth { get; set; } = [];

    public string Username { get; set; } = "bot@example.com";

    public string Password { get; set; } = "s3cret";

    public string AccessToken { get; set; } = "ya29.TOKEN";

    /// <summary>MAIL before AUTH is answered with 530.</summary>
    public bool RequireAuth { get; set; }
}
