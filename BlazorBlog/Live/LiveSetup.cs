using BlazorBlog.Data.Changes;

namespace BlazorBlog.Live;

public static class LiveSetup
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ThreadSnapshots>();
        builder.Services.AddSingleton<LiveThreads>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveThreads>());
        builder.Services.AddSingleton<IEntityChangeHandler, ThreadAnnouncer>();
    }
}
