using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Email.Smtp;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorBlog.Notifications.Email;

public static class EmailSetup
{
    /// <summary>Connections to the token server are renewed this often, so that a change of its address is noticed.</summary>
    private static readonly TimeSpan TokenServerConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Registers the <see cref="IEmailTransport"/> of the settings; none when <c>Email:Transport</c> is None.</summary>
    public static void AddEmail(this WebApplicationBuilder builder)
    {
        var settings = builder.AddSettings<EmailSettings>("Email");
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        switch (settings.Transport)
        {
            case EmailTransportKind.Smtp:
                services.AddSmtp(settings);
                break;
            case EmailTransportKind.File:
                services.AddSingleton<IEmailTransport>(new FileEmailTransport(Path.Combine(builder.Environment.ContentRootPath, settings.Directory)));
                break;
            case EmailTransportKind.Console:
                services.AddSingleton<IEmailTransport>(new ConsoleEmailTransport(Console.Out));
                break;
            case EmailTransportKind.Memory:
                services.AddSingleton<MemoryEmailTransport>();
                services.AddSingleton<IEmailTransport>(provider => provider.GetRequiredService<MemoryEmailTransport>());
                break;
            case EmailTransportKind.None:
                break;
        }
    }

    private static void AddSmtp(this IServiceCollection services, EmailSettings settings)
    {
        if (settings.UsesOAuth)
        {
            services.AddSingleton(provider => new OAuthTokenSource(
                new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TokenServerConnectionLifetime }) { Timeout = settings.Timeout },
                settings.OAuth,
                provider.GetRequiredService<TimeProvider>()));
        }

        services.AddSingleton<IEmailTransport>(provider => new SmtpTransport(
            SmtpEndpoint.From(settings, provider.GetRequiredService<SiteSettings>()),
            settings.Connections,
            provider.GetService<OAuthTokenSource>(),
            provider.GetRequiredService<TimeProvider>()));
    }
}
