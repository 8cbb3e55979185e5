using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Support;

/// <summary>The webhooks alone, set up from settings as the blog does, on a free port.</summary>
public sealed class SmsWebhookHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private SmsWebhookHost(WebApplication app) => _app = app;

    public RecordingDeliveryReports Reports { get; } = new();

    public ISmsTransport Transport => _app.Services.GetRequiredService<ISmsTransport>();

    public static async Task<SmsWebhookHost> StartAsync(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddSettings<SiteSettings>("Site");
        builder.AddSms();

        SmsWebhookHost? host = null;
        builder.Services.AddSingleton<IDeliveryReports>(_ => host!.Reports);
        host = new SmsWebhookHost(builder.Build());
        host._app.MapSmsWebhooks();
        await host._app.StartAsync();
        return host;
    }

    public Uri Address(string path) => new(_app.Urls.First() + path);

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            return await _http.SendAsync(request);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
