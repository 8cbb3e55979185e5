using BlazorBlog.Accounts;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Email.Smtp;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email;

public sealed class EmailSettingsTests
{
    [Theory]
    [InlineData("Transport=Smtp Host=127.0.0.1", "127.0.0.1:25 None")]
    [InlineData("Transport=Smtp Host=127.0.0.1 Port=2525", "127.0.0.1:2525 None")]
    [InlineData("Transport=Smtp Host=mx.example Username=u Password=p", "mx.example:587 StartTls")]
    [InlineData("Transport=Smtp Host=mx.example Username=u Password=p Security=Tls", "mx.example:465 Tls")]
    [InlineData("Transport=Smtp Host=mx.example Security=StartTls", "mx.example:587 StartTls")]
    [InlineData("Transport=Smtp Host=메일.한국", "xn--h32bq4v.xn--3e0b707e:25 None")]
    [InlineData("Transport=Smtp Host=::1", "::1:25 None")]
    [InlineData("Transport=Smtp Preset=Gmail Username=u Password=p", "smtp.gmail.com:587 StartTls")]
    [InlineData("Transport=Smtp Preset=Gmail Username=u Password=p Port=465 Security=Tls", "smtp.gmail.com:465 Tls")]
    [InlineData("Transport=Smtp Preset=GoogleWorkspace", "smtp-relay.gmail.com:587 StartTls")]
    [InlineData("Transport=Smtp Preset=GoogleWorkspace Security=None", "smtp-relay.gmail.com:25 None")]
    [InlineData("Transport=Smtp Preset=NaverWorks Username=u Password=p", "smtp.worksmobile.com:587 StartTls")]
    [InlineData("Transport=Smtp Preset=NaverWorks Host=proxy.example Username=u Password=p", "proxy.example:587 StartTls")]
    public void The_server_is_what_the_keys_and_their_defaults_say(string keys, string expected)
    {
        var (settings, errors) = Read(keys);

        Assert.Empty(errors);
        var endpoint = SmtpEndpoint.From(settings, new SiteSettings());
        Assert.Equal(expected, $"{endpoint.Host}:{endpoint.Port} {endpoint.Security}");
    }

    [Theory]
    [InlineData("Transport=Smtp", "Email:Host:")]
    [InlineData("Transport=Smtp Host=smtp://mx.example", "Email:Host:")]
    [InlineData("Transport=Smtp Host=mx.example:25", "Email:Host:")]
    [InlineData("Transport=Smtp Host=mx.example Port=0", "Email:Port:")]
    [InlineData("Transport=Smtp Host=mx.example Port=65536", "Email:Port:")]
    [InlineData("Transport=Smtp Host=mx.example Port=465", "Email:Security:")]
    [InlineData("Transport=Smtp Host=mx.example Port=465 Security=StartTls", "Email:Security:")]
    [InlineData("Transport=Smtp Host=mx.example Port=587 Security=Tls", "Email:Security:")]
    [InlineData("Transport=Smtp Host=mx.example Port=25 Security=Tls", "Email:Security:")]
    [InlineData("Transport=Smtp Host=mx.example Username=u Password=p Security=None", "Email:Security:")]
    [InlineData("Transport=Smtp Preset=GoogleWorkspace Username=u Password=p Security=None", "Email:Security:")]
    [InlineData("Transport=Smtp Host=mx.example Username=u", "Email:Password:")]
    [InlineData("Transport=Smtp Host=mx.example Password=p", "Email:Username:")]
    [InlineData("Transport=Smtp Host=mx.example Auth=Plain", "Email:Username:")]
    [InlineData("Transport=Smtp Preset=Gmail", "Email:Username:")]
    [InlineData("Transport=Smtp Preset=NaverWorks", "Email:Username:")]
    [InlineData("Transport=Smtp Host=mx.example Timeout=00:00:00", "Email:Timeout:")]
    [InlineData("Transport=Smtp Host=mx.example Timeout=01:00:01", "Email:Timeout:")]
    [InlineData("Connections=0", "Email:Connections:")]
    [InlineData("Connections=65", "Email:Connections:")]
    [InlineData("From=jin", "Email:From:")]
    [InlineData("From=a@x.com,b@x.com", "Email:From:")]
    [InlineData("From=Blog<blog@x.com>", "Email:From:")]
    [InlineData("FromName=a\u0001b", "Email:FromName:")]
    [InlineData("DefaultRecipients=jin@example.com,kim", "Email:DefaultRecipients:")]
    [InlineData("Transport=Smtp Host=mx.example Username=u Password=p\u0001", "Email:Password:")]
    [InlineData("Transport=Smtp Host=mx.example Security=StartTls CaFile=/does/not/exist.pem", "Email:CaFile:")]
    [InlineData("Transport=Smtp Host=mx.example Username=u Auth=XOAuth2 OAuth:TokenUrl=https://t.example/ OAuth:ClientId=c", "Email:OAuth:RefreshToken:")]
    [InlineData("Transport=Smtp Host=mx.example Username=u Auth=XOAuth2 OAuth:TokenUrl=https://t.example/ OAuth:RefreshToken=r", "Email:OAuth:ClientId:")]
    [InlineData("Transport=Smtp Host=mx.example Username=u OAuth:ClientId=c OAuth:RefreshToken=r", "Email:OAuth:TokenUrl:")]
    [InlineData("Transport=Smtp Host=mx.example Username=u OAuth:TokenUrl=http://t.example/ OAuth:ClientId=c OAuth:RefreshToken=r", "Email:OAuth:TokenUrl:")]
    [InlineData("Transport=Smtp Host=mx.example OAuth:TokenUrl=https://t.example/ OAuth:ClientId=c OAuth:RefreshToken=r", "Email:Username:")]
    [InlineData("Transport=Smtp Host=mx.example Username=u Password=p Auth=Plain OAuth:TokenUrl=https://t.example/", "Email:Auth:")]
    [InlineData("Transport=Mail", "Email:Transport:")]
    [InlineData("Security=SSL", "Email:Security:")]
    [InlineData("UseSsl=true", "Email:UseSsl:")]
    public void A_wrong_key_is_named(string keys, string expected) => Assert.StartsWith(expected, Assert.Single(Read(keys).Errors), StringComparison.Ordinal);

    [Fact]
    public void An_error_never_shows_the_password() =>
        Assert.DoesNotContain("s3cret", string.Concat(Read("Transport=Smtp Host=mx.example Username=u Password=s3cret\u0001 Security=None").Errors), StringComparison.Ordinal);

    [Fact]
    public void A_file_of_authorities_must_hold_one()
    {
        using var directory = new TemporaryDirectory();
        using var certificates = new TestCertificates();
        File.WriteAllText(directory.File("ca.pem"), certificates.AuthorityPem);
        File.WriteAllText(directory.File("empty.pem"), "nothing");

        var (settings, errors) = Read($"Transport=Smtp Host=mx.example Security=Tls CaFile={directory.File("ca.pem")}");

        Assert.Empty(errors);
        Assert.Equal(certificates.Authority.Thumbprint, Assert.Single(SmtpEndpoint.From(settings, new SiteSettings()).Authorities).Thumbprint);
        Assert.Contains("no certificate", Assert.Single(Read($"CaFile={directory.File("empty.pem")}").Errors), StringComparison.Ordinal);
        Assert.Contains("no use", Assert.Single(Read($"Transport=Smtp Host=mx.example CaFile={directory.File("ca.pem")}").Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5080", "blog@localhost", null)]
    [InlineData("https://blog.example", "blog@blog.example", "blog.example")]
    [InlineData("https://블로그.한국/path", "blog@xn--2i0b10rqve.xn--3e0b707e", "xn--2i0b10rqve.xn--3e0b707e")]
    [InlineData("http://127.0.0.1:5080", "blog@[127.0.0.1]", null)]
    [InlineData("http://[::1]:5080", "blog@[IPv6:::1]", null)]
    public void Mail_comes_from_the_sites_host_by_default(string site, string expected, string? hello)
    {
        var settings = new EmailSettings { Host = "mx.example" };
        var siteSettings = new SiteSettings { BaseUrl = new Uri(site), Title = "A Blog" };

        var sender = settings.Sender(siteSettings);

        Assert.Equal(new Mailbox(expected, "A Blog"), sender);
        Assert.True(EmailAddress.TryParse(sender.Address, out _));
        Assert.Equal(hello, SmtpEndpoint.From(settings, siteSettings).HelloName);
    }

    [Fact]
    public void A_sender_of_the_settings_wins() =>
        Assert.Equal(new Mailbox("me@example.com", "Me"), new EmailSettings { From = "me@example.com", FromName = "Me" }.Sender(new SiteSettings()));

    private static (EmailSettings Settings, IReadOnlyList<string> Errors) Read(string keys) =>
        WrittenSettings.Read<EmailSettings>("Email", keys.Split(' ').Select(pair => pair.Split('=', 2)).Select(pair => ($"Email:{pair[0]}", (string?)pair[1])));
}
