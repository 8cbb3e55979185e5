using BlazorBlog.Data.Changes;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Notifications.Sms;
using BlazorBlog.Notifications.Templates;
using BlazorBlog.Notifications.Unsubscribe;

namespace BlazorBlog.Notifications;

public static class NotificationSetup
{
    public static void AddNotifications(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<NotificationSettings>("Notifications");
        services.AddOptions<NotificationSettings>().Validate(
            _ => builder.Environment.IsDevelopment() || SiteSetup.IsAddressSet(builder.Configuration) || !SendsForReal(builder.Configuration),
            "Site:BaseUrl: is not set, and every link in mail and SMS would lead to the reader's own machine. Set the address at which readers reach the blog, such as https://blog.example.");
        services.AddSingleton<NodeId>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<IEntityChangeHandler>(provider => provider.GetRequiredService<OutboxSignal>());
        services.AddSingleton<DeliveryPlanner>();
        services.AddSingleton<OutboxProcessor>();
        services.AddSingleton<NotificationLoader>();
        services.AddSingleton<NotificationLinks>();
        services.AddSingleton<MailRenderer>();
        services.AddSingleton<NotificationRenderer>();
        services.AddSingleton<IEmailSource, CommentEmailSource>();
        services.AddSingleton<SuppressionList>();
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<DeliveryLeases>();
        services.AddSingleton<LoopSupervisor>();
        services.AddHealthChecks().AddCheck<LoopSupervisor>("notifications", tags: [HealthEndpoints.Ready]);
        services.AddSingleton<ResultWriter>();
        services.AddSingleton<IDeliveryReports, DeliveryReports>();
        services.AddSingleton(Workers);
        services.AddHostedService<NotificationDispatcher>();
        // One after another, requests that are slow to end would use up the time in which the dispatcher finishes and gives back its notices.
        services.Configure<HostOptions>(options => options.ServicesStopConcurrently = true);
        services.AddHostedService<NotificationGauges>();
    }

    private static bool SendsForReal(IConfiguration configuration)
    {
        // Not the bound settings: where those are wrong they cannot be had, and their own message says so.
        return Read<EmailTransportKind>("Email:Transport").WritesToPeople() || Read<SmsTransportKind>("Sms:Transport").WritesToPeople();

        T Read<T>(string key) where T : struct, Enum => Enum.TryParse<T>(configuration[key], ignoreCase: true, out var transport) ? transport : default;
    }

    /// <summary>A channel without a transport has no worker; its deliveries say so.</summary>
    private static IEnumerable<DeliveryWorker> Workers(IServiceProvider services)
    {
        List<DeliveryWorker> workers = [];
        if (services.GetService<IEmailTransport>() is { } email)
        {
            // One server, so one circuit for all sources.
            var circuit = ActivatorUtilities.CreateInstance<ChannelCircuit>(services);
            workers.AddRange(services.GetServices<IEmailSource>()
                .Select(source => Worker(services, ActivatorUtilities.CreateInstance<EmailSender>(services, email, source), circuit)));
        }

        if (services.GetService<ISmsTransport>() is { } sms)
        {
            var circuit = ActivatorUtilities.CreateInstance<ChannelCircuit>(services);
            workers.Add(Worker(services, ActivatorUtilities.CreateInstance<SmsSender>(services, sms), circuit));
        }

        return workers;
    }

    private static DeliveryWorker Worker(IServiceProvider services, INotificationSender sender, ChannelCircuit circuit)
    {
        var rules = ActivatorUtilities.CreateInstance<DeliveryRules>(services, sender, circuit);
        return ActivatorUtilities.CreateInstance<DeliveryWorker>(services, sender, circuit, rules);
    }
}
