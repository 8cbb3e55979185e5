using Microsoft.Extensions.Options;

namespace BlazorBlog.Hosting;

public static class SettingsSetup
{
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

    /// <summary>Binds a section strictly; it is injected as <typeparamref name="T"/>, or as its options, and validated at start.</summary>
    /// <returns>
    /// What is known of it while services are still registered. Where something is wrong it holds the default, and
    /// <see cref="FindWrongSettings"/> tells of it.
    /// </returns>
    public static T AddSettings<T>(this WebApplicationBuilder builder, string section) where T : class, ISettings, new()
    {
        var written = new SettingsSection(typeof(T), builder.Configuration.GetSection(section));
        var services = builder.Services;
        services.AddOptions<T>().Bind(written.Values, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new SettingsValidator<T>(section, written.Errors));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        return written.Values.Get<T>() ?? new T();
    }

    /// <summary>Validates what <see cref="AddSettings"/> has bound, as the start would; but all of it, and without an exception.</summary>
    /// <returns>Each names its key.</returns>
    public static IReadOnlyList<string> FindWrongSettings(this IHost app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException wrong)
        {
            return [.. wrong.Failures];
        }
        catch (AggregateException wrong)
        {
            return [.. wrong.InnerExceptions.Cast<OptionsValidationException>().SelectMany(section => section.Failures)];
        }
    }

    private sealed class SettingsValidator<T>(string section, IReadOnlyList<string> malformed) : IValidateOptions<T> where T : class, ISettings
    {
        public ValidateOptionsResult Validate(string? name, T settings) =>
            malformed.Concat(settings.Validate(section)).ToList() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
