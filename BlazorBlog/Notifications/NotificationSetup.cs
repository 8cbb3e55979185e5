using BlazorBlog.Data.Changes;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Notices;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Notifications.Sms;

namespace BlazorBlog.Notifications;

public static class NotificationSetup
{
    public static void AddNotifications(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<NotificationSettings>("Notifications");
        services.AddSingleton<NodeId>();
        services.AddSingleton<OutboxBell>();
        services.AddSingleton<IEntityChangeHandler>(provider => provider.GetRequiredService<OutboxBell>());
        services.AddSingleton<DeliveryPlanner>();
        services.AddSingleton<FanOut>();
        services.AddSingleton<NoticeReader>();
        services.AddSingleton<NoticeLinks>();
        services.AddSingleton<MailRenderer>();
        services.AddSingleton<NoticeRenderer>();
        services.AddSingleton<IEmailSource, CommentEmailSource>();
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<DeliveryLedger>();
        services.AddSingleton<ResultWriter>();
        services.AddSingleton<IDeliveryReports, DeliveryReports>();
        services.AddSingleton(Pipelines);
        services.AddHostedService<NotificationDispatcher>();
        services.AddHostedService<NotificationGauges>();
    }

    /// <summary>A channel without a transport has no pipeline; its deliveries say so.</summary>
    private static IEnumerable<DeliveryPipeline> Pipelines(IServiceProvider services)
    {
        List<DeliveryPipeline> pipelines = [];
        if (services.GetService<IEmailTransport>() is { } email)
        {
            // One server, so one circuit for all sources.
            var circuit = ActivatorUtilities.CreateInstance<ChannelCircuit>(services);
            pipelines.AddRange(services.GetServices<IEmailSource>()
                .Select(source => Pipeline(services, ActivatorUtilities.CreateInstance<EmailSender>(services, email, source), circuit)));
        }

        if (services.GetService<ISmsTransport>() is { } sms)
        {
            var circuit = ActivatorUtilities.CreateInstance<ChannelCircuit>(services);
            pipelines.Add(Pipeline(services, ActivatorUtilities.CreateInstance<SmsNoticeSender>(services, sms), circuit));
        }

        return pipelines;
    }

    private static DeliveryPipeline Pipeline(IServiceProvider services, INoticeSender sender, ChannelCircuit circuit)
    {
        var rules = ActivatorUtilities.CreateInstance<DeliveryRules>(services, sender, circuit);
        return ActivatorUtilities.CreateInstance<DeliveryPipeline>(services, sender, circuit, rules);
    }
}
