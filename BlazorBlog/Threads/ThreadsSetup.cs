using BlazorBlog.Data.Changes;
using BlazorBlog.Notifications.Recipients;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorBlog.Threads;

public static class ThreadsSetup
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ThreadChangeReader>();
        services.AddSingleton<ThreadSnapshots>();
        services.AddSingleton<LiveThreads>();
        services.AddSingleton<ThreadSignal>();
        services.AddSingleton<IEntityChangeHandler>(provider => provider.GetRequiredService<ThreadSignal>());
        services.AddSingleton<ReaderToken>();
        services.AddSingleton<ThreadPresence>();
        services.AddHostedService(provider => provider.GetRequiredService<ThreadPresence>());
        services.AddScoped<AuthenticationStateProvider, CircuitIdentity>();
        services.AddScoped<CircuitReader>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitReader>());
        services.AddHostedService<ThreadPoll>();
        services.AddHostedService<PostgreSqlNotificationListener>();
        services.AddHostedService<ThreadGauges>();
    }
}
