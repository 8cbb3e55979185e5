using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Sms.CoolSms;
using BlazorBlog.Notifications.Sms.Twilio;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorBlog.Notifications.Sms;

public static class SmsSetup
{
    /// <summary>Registers the configured <see cref="ISmsTransport"/>; none with <c>Sms:Transport=None</c>.</summary>
    public static void AddSms(this WebApplicationBuilder builder)
    {
        var settings = builder.AddSettings<SmsSettings>("Sms");
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        switch (settings.Transport)
        {
            case SmsTransportKind.Twilio:
                services.AddSmsTransport<TwilioSmsTransport>();
                break;
            case SmsTransportKind.CoolSms:
                services.AddSmsTransport<CoolSmsTransport>();
                break;
            case SmsTransportKind.File:
                services.AddSmsTransport<FileSmsTransport>();
                break;
            case SmsTransportKind.Console:
                services.AddSingleton<ISmsTransport>(provider => new ConsoleSmsTransport(Console.Out, provider.GetRequiredService<TimeProvider>()));
                break;
            case SmsTransportKind.Memory:
                services.AddSmsTransport<MemorySmsTransport>();
                break;
        }
    }

    // Under its own type as well: the webhook asks CoolSMS itself, and tests read what the Memory transport kept.
    private static void AddSmsTransport<T>(this IServiceCollection services) where T : class, ISmsTransport
    {
        services.AddSingleton<T>();
        services.AddSingleton<ISmsTransport>(provider => provider.GetRequiredService<T>());
    }
}
