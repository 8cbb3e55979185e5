using BlazorBlog.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace BlazorBlog.Support;

/// <summary>Settings read as the program reads them.</summary>
public static class WrittenSettings
{
    /// <returns>A section, and what the start would refuse of it.</returns>
    public static (T Settings, IReadOnlyList<string> Errors) Read<T>(string section, params IEnumerable<(string Key, string? Value)> values)
        where T : class, ISettings, new()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, value.Value)));
        var settings = builder.AddSettings<T>(section);
        using IHost app = builder.Build();
        return (settings, app.FindWrongSettings());
    }
}
