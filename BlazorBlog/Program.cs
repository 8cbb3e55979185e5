using BlazorBlog.Accounts;
using BlazorBlog.Admin;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Components;
using BlazorBlog.Data;
using BlazorBlog.Data.Seed;
using BlazorBlog.DevMailbox;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Sms;
using BlazorBlog.Notifications.Unsubscribe;
using BlazorBlog.Posts.Caching;
using BlazorBlog.Threads;

// Settings are read once. Watching their files means watching all below the content root, and so every write to an SQLite file there.
var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
builder.AddDevelopmentSettings();
builder.AddSite();
builder.AddData();
builder.AddAccounts();
builder.AddAdmin();
builder.AddPages();
builder.AddComments();
builder.AddLive();
builder.AddNotifications();
builder.AddEmail();
builder.AddSms();
builder.AddHealth();
builder.AddTelemetry();

var app = builder.Build();
if (app.FindWrongSettings() is { Count: > 0 } wrong)
{
    // Prints the faulty settings for the operator instead of the stack trace of a failed start.
    await Console.Error.WriteLineAsync("The configuration is wrong:" + string.Concat(wrong.Select(error => $"{Environment.NewLine}  {error}")));
    return 1;
}

try
{
    await app.MigrateDatabaseAsync();
}
catch (DatabaseUnreachableException unreachable)
{
    await Console.Error.WriteLineAsync(unreachable.Message);
    return 1;
}

await app.SeedInDevelopmentAsync();
await app.PrepareAdministratorAsync();

app.UseProxies();
app.UseCookieSecurity();
app.UseSecurityHeaders(withInlineStyles: "/admin");
app.UseHeadAsGet();
app.UseRequestLocalization();
if (!app.Environment.IsDevelopment())
{
    app.UseFaultAnswers();
}

app.UseRequestChecks();

app.UseNotFoundPage();
app.UseRouting();
app.UseTelemetry();
app.UseAccounts();
app.UseForms();
app.UsePageCache();

app.MapStaticAssets().AllowAnonymous();
app.MapPages();
app.MapAccounts();
app.MapComments();
app.MapSubscriptions();
app.MapSmsWebhooks();
app.MapHealth();
app.MapMailbox();
app.MapNotFoundFallback();

app.AnnounceAddress();
await app.RunAsync();
return 0;

/// <summary>The blog; public for the tests that host it.</summary>
public partial class Program;
