using System.Globalization;

namespace BlazorBlog.Hosting;

/// <summary>
/// What the framework's binder is given of a section: its well-formed values alone, lists as numbered keys. By itself the binder accepts
/// undefined enum numbers, takes a bare number for days of a <see cref="TimeSpan"/>, stops at the first mistake, and says of an unknown
/// key neither its path nor what is known.
/// </summary>
internal sealed class SettingsSection
{
    private static readonly string[] Durations = [@"hh\:mm\:ss", @"d\.hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF"];

    private readonly Dictionary<string, string?> _values = [];
    private readonly List<string> _errors = [];

    /// <param name="type">What the section is bound to.</param>
    /// <param name="section">As written. A value of its own name belongs to other software: EMAIL is set in many environments.</param>
    public SettingsSection(Type type, IConfigurationSection section)
    {
        ReadGroup(type, section);
        Values = new ConfigurationBuilder().AddInMemoryCollection(_values).Build().GetSection(section.Path);
    }

    public IConfiguration Values { get; }

    /// <summary>Each names the key, and the value and what is allowed instead where one is not well formed.</summary>
    public IReadOnlyList<string> Errors => _errors;

    private void ReadGroup(Type type, IConfigurationSection section)
    {
        var properties = type.GetProperties()
            .Where(property => property.SetMethod is { IsPublic: true })
            .ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (properties.TryGetValue(child.Key, out var property))
            {
                Read(Nullable.GetUnderlyingType(property) ?? property, child, child.Value?.Trim() ?? "");
            }
            else
            {
                Refuse(child, $"unknown key. Known here: {string.Join(", ", properties.Keys)}.");
            }
        }
    }

    /// <param name="type">Of the property.</param>
    /// <param name="section">Its key.</param>
    /// <param name="text">Its value; an empty one, the usual way to unset an environment variable, is none.</param>
    private void Read(Type type, IConfigurationSection section, string text)
    {
        if (type == typeof(IReadOnlyList<string>))
        {
            ReadList(section, text);
        }
        else if (type.IsClass && type != typeof(string) && type != typeof(Uri))
        {
            if (text.Length > 0)
            {
                Refuse(section, "takes a group of keys, not one value.");
            }

            ReadGroup(type, section);
        }
        else if (section.GetChildren().Any())
        {
            Refuse(section, "takes one value, not a group of keys.");
        }
        else if (text.Length > 0 && Expected(type, text) is { } expected)
        {
            Refuse(section, $"'{text}' is not {expected}.");
        }
        else if (text.Length > 0)
        {
            _values[section.Path] = text;
        }
    }

    private void ReadList(IConfigurationSection section, string text)
    {
        var numbered = section.GetChildren().OrderBy(child => child.Key, ConfigurationKeyComparer.Instance).Select(child => child.Value ?? "").ToList();
        if (text.Length > 0 && numbered.Count > 0)
        {
            // Which of the two ranks higher, a section cannot say.
            Refuse(section, $"is given both as one value and as numbered keys ({section.Path}:0). Remove one of them.");
        }

        var items = string.Join(',', section.Value is null ? numbered : [text]).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var (index, item) in items.Index())
        {
            _values[$"{section.Path}:{index}"] = item;
        }
    }

    private void Refuse(IConfigurationSection section, string error) => _errors.Add($"{section.Path}: {error}");

    /// <returns>What a value of the type looks like, or null when the text does.</returns>
    private static string? Expected(Type type, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        var (isWellFormed, expected) = type switch
        {
            _ when type == typeof(string) => (true, ""),
            _ when type.IsEnum => (Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase), $"one of {string.Join(", ", Enum.GetNames(type))}"),
            _ when type == typeof(bool) => (bool.TryParse(text, out _), "true or false"),
            _ when type == typeof(int) => (int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out _), "a whole number"),
            _ when type == typeof(TimeSpan) => (TimeSpan.TryParseExact(text, Durations, culture, out _), "a duration such as 00:00:30 (hh:mm:ss, or d.hh:mm:ss)"),
            _ when type == typeof(Uri) => (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https", "an absolute http or https address"),
            _ => throw new NotSupportedException($"Settings of type {type} cannot be read."),
        };
        return isWellFormed ? null : expected;
    }
}
