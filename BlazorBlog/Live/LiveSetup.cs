using BlazorBlog.Comments;
using BlazorBlog.Data.Changes;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorBlog.Live;

public static class LiveSetup
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ThreadFeed>();
        services.AddSingleton<ThreadSnapshots>();
        services.AddSingleton<LiveThreads>();
        services.AddSingleton<ThreadBell>();
        services.AddSingleton<IEntityChangeHandler>(provider => provider.GetRequiredService<ThreadBell>());
        services.AddSingleton<ReaderToken>();
        services.AddSingleton<ThreadPresence>();
        services.AddHostedService(provider => provider.GetRequiredService<ThreadPresence>());
        services.AddScoped<AuthenticationStateProvider, CircuitIdentity>();
        services.AddScoped<CircuitReader>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitReader>());
        services.AddHostedService<ThreadPoll>();
        services.AddHostedService<PostgreSqlWakeUps>();
        services.AddHostedService<LiveGauges>();
    }
}
