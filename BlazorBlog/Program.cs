using BlazorBlog.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddDevelopmentSettings();
builder.AddSettings<SiteSettings>("Site");
builder.CheckSettings();

var app = builder.Build();
app.MapStaticAssets();
await app.RunAsync();

/// <summary>The blog; public for the tests that host it.</summary>
public partial class Program;
