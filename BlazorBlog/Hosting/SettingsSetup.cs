namespace BlazorBlog.Hosting;

public static class SettingsSetup
{
    private static readonly object ReaderKey = new();

    /// <summary>
    /// Development's settings stand at the repository's root and are copied beside the program, so they hold wherever it is started
    /// from. They rank above appsettings.json and below the environment and the command line.
    /// </summary>
    public static void AddDevelopmentSettings(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
        {
            return;
        }

        var sources = builder.Configuration.Sources;
        var lastFile = sources.Select((source, index) => (source, index)).LastOrDefault(x => x.source is Microsoft.Extensions.Configuration.Json.JsonConfigurationSource);
        var development = new Microsoft.Extensions.Configuration.Json.JsonConfigurationSource
        {
            Path = Path.Combine(AppContext.BaseDirectory, "appsettings.Development.json"),
            Optional = true,
        };
        development.ResolveFileProvider();
        sources.Insert(lastFile.source is null ? 0 : lastFile.index + 1, development);
    }

    /// <summary>Reads a section and registers it; <see cref="CheckSettings"/> reports what was wrong in any of them.</summary>
    public static T AddSettings<T>(this WebApplicationBuilder builder, string section) where T : class, ISettings, new()
    {
        var settings = builder.Reader().Read<T>(section);
        builder.Services.AddSingleton(settings);
        return settings;
    }

    /// <summary>Reports a wrong value outside the sections of <see cref="AddSettings"/>.</summary>
    /// <param name="builder">The program.</param>
    /// <param name="error">Names the key.</param>
    public static void RefuseSetting(this WebApplicationBuilder builder, string error) => builder.Reader().Refuse(error);

    /// <exception cref="SettingsException">A section read by <see cref="AddSettings"/> is wrong.</exception>
    public static void CheckSettings(this WebApplicationBuilder builder) => builder.Reader().ThrowIfWrong();

    private static SettingsReader Reader(this WebApplicationBuilder builder)
    {
        var properties = builder.Host.Properties;
        if (!properties.TryGetValue(ReaderKey, out var reader))
        {
            properties[ReaderKey] = reader = new SettingsReader(builder.Configuration);
        }

        return (SettingsReader)reader;
    }
}
