using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Notifications.Email;

public sealed class EmailSetupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_transport_there_is_none()
    {
        await using var app = Build("Transport=None");

        Assert.Null(app.Services.GetService<IEmailTransport>());
    }

    [Fact]
    public async Task Files_go_below_the_content_root()
    {
        await using var app = Build("Transport=File");

        var transport = Assert.IsType<FileEmailTransport>(app.Services.GetRequiredService<IEmailTransport>());

        Assert.Equal(Path.Combine(app.Environment.ContentRootPath, "App_Data/outbox"), transport.Directory);
    }

    [Fact]
    public async Task Console_and_memory_are_what_they_say()
    {
        await using var console = Build("Transport=Console");
        await using var memory = Build("Transport=Memory");

        Assert.IsType<ConsoleEmailTransport>(console.Services.GetRequiredService<IEmailTransport>());
        Assert.Same(memory.Services.GetRequiredService<MemoryEmailTransport>(), memory.Services.GetRequiredService<IEmailTransport>());
    }

    [Fact]
    public async Task A_server_of_the_settings_gets_the_mail()
    {
        await using var smtp = await FakeSmtpServer.StartAsync();
        await using var app = Build($"Transport=Smtp Host=127.0.0.1 Port={smtp.Port}");

        var result = await app.Services.GetRequiredService<IEmailTransport>().SendAsync(Mails.New(), Stop);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        Assert.Single(smtp.Messages);
    }

    [Fact]
    public async Task A_secured_server_of_the_settings_gets_a_token()
    {
        using var directory = new TemporaryDirectory();
        using var certificates = new TestCertificates();
        await File.WriteAllTextAsync(directory.File("ca.pem"), certificates.AuthorityPem, Stop);
        await using var oauth = await FakeTokenServer.StartAsync();
        await using var smtp = await FakeSmtpServer.StartAsync(options =>
        {
            options.ImplicitTls = true;
            options.Certificate = certificates.Issue("127.0.0.1");
            options.Auth = ["XOAUTH2"];
            options.RequireAuth = true;
            options.AccessToken = "token-1";
        });
        await using var app = Build(
            $"Transport=Smtp Host=127.0.0.1 Port={smtp.Port} Security=Tls CaFile={directory.File("ca.pem")} Username=bot@example.com Auth=XOAuth2 "
            + $"OAuth:TokenUrl={oauth.Settings.TokenUrl} OAuth:ClientId=client OAuth:ClientSecret=client-secret OAuth:RefreshToken=refresh-0");

        var result = await app.Services.GetRequiredService<IEmailTransport>().SendAsync(Mails.New(), Stop);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        Assert.Equal("bot@example.com", Assert.Single(smtp.Messages).Username);
    }

    [Fact]
    public async Task Wrong_settings_stop_the_start_with_their_keys()
    {
        await using var app = Build("Transport=Smtp Host=mx.example Username=u Security=None CaFile=/does/not/exist");

        Assert.Equal(
            ["Email:CaFile", "Email:CaFile", "Email:Password", "Email:Security"],
            app.FindWrongSettings().Select(error => string.Join(':', error.Split(':')[..2])).Order());
    }

    private static WebApplication Build(string keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(keys.Split(' ').Select(pair => pair.Split('=', 2)).ToDictionary(pair => $"Email:{pair[0]}", pair => (string?)pair[1]));
        builder.AddSettings<SiteSettings>("Site");
        builder.AddEmail();
        return builder.Build();
    }
}
