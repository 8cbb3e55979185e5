using BlazorBlog.Data;
using BlazorBlog.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddDevelopmentSettings();
builder.Services.AddSingleton(TimeProvider.System);
builder.AddSettings<SiteSettings>("Site");
builder.AddData();
builder.CheckSettings();

var app = builder.Build();
await app.MigrateDatabaseAsync();
app.MapStaticAssets();
await app.RunAsync();

/// <summary>The blog; public for the tests that host it.</summary>
public partial class Program;
