using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Sms.CoolSms;
using BlazorBlog.Notifications.Sms.Twilio;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Notifications.Sms;

public sealed class SmsSetupTests
{
    [Theory]
    [InlineData("Twilio", typeof(TwilioSmsTransport))]
    [InlineData("CoolSms", typeof(CoolSmsTransport))]
    [InlineData("File", typeof(FileSmsTransport))]
    [InlineData("Console", typeof(ConsoleSmsTransport))]
    [InlineData("Memory", typeof(MemorySmsTransport))]
    [InlineData("None", null)]
    public async Task The_configured_transport_is_the_one_that_sends(string kind, Type? transport)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sms:Transport"] = kind,
            ["Sms:From"] = "02-1234-5678",
            ["Sms:Twilio:AccountSid"] = "AC00000000000000000000000000000001",
            ["Sms:Twilio:AuthToken"] = "secret",
            ["Sms:CoolSms:ApiKey"] = "key",
            ["Sms:CoolSms:ApiSecret"] = "secret",
        });
        builder.AddSettings<SiteSettings>("Site");
        builder.AddSms();

        await using var app = builder.Build();
        Assert.Empty(app.FindWrongSettings());
        Assert.Equal(transport, app.Services.GetService<ISmsTransport>()?.GetType());
    }
}
