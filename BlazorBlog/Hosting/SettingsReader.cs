using System.Globalization;
using System.Reflection;

namespace BlazorBlog.Hosting;

/// <summary>
/// Reads our sections strictly. The framework's binder accepts undefined enum numbers, ignores misspelt keys and takes a bare number
/// for days of a <see cref="TimeSpan"/>; each of these would run a blog that quietly does something else than its owner wrote.
/// </summary>
public sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _errors = [];

    public T Read<T>(string section) where T : class, ISettings, new()
    {
        var settings = (T)ReadObject(typeof(T), configuration.GetSection(section));
        _errors.AddRange(settings.Validate(section));
        return settings;
    }

    /// <summary>Adds an error that was found elsewhere.</summary>
    public void Refuse(string error) => _errors.Add(error);

    /// <exception cref="SettingsException">At least one key read so far is wrong.</exception>
    public void ThrowIfWrong()
    {
        if (_errors.Count > 0)
        {
            throw new SettingsException(_errors);
        }
    }

    private object ReadObject(Type type, IConfigurationSection section)
    {
        var target = Activator.CreateInstance(type)!;
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true })
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

        foreach (var child in section.GetChildren())
        {
            if (!properties.TryGetValue(child.Key, out var property))
            {
                _errors.Add($"{child.Path}: unknown key. Known here: {string.Join(", ", properties.Values.Select(p => p.Name))}.");
            }
            else if (ReadValue(property.PropertyType, child) is { } value)
            {
                property.SetValue(target, value);
            }
        }

        return target;
    }

    private object? ReadValue(Type type, IConfigurationSection section)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(IReadOnlyList<string>))
        {
            return ReadList(section);
        }

        if (type.IsClass && type != typeof(string) && type != typeof(Uri))
        {
            if (!string.IsNullOrWhiteSpace(section.Value))
            {
                _errors.Add($"{section.Path}: takes a group of keys, not one value.");
            }

            return ReadObject(type, section);
        }

        if (section.GetChildren().Any())
        {
            _errors.Add($"{section.Path}: takes one value, not a group of keys.");
            return null;
        }

        // An empty environment variable is the usual way to say "not set".
        if (string.IsNullOrWhiteSpace(section.Value))
        {
            return null;
        }

        var (value, expected) = Parse(type, section.Value.Trim());
        if (value is null)
        {
            _errors.Add($"{section.Path}: '{section.Value}' is not {expected}.");
        }

        return value;
    }

    private IReadOnlyList<string> ReadList(IConfigurationSection section)
    {
        var numbered = section.GetChildren().OrderBy(child => child.Key, ConfigurationKeyComparer.Instance).Select(child => child.Value ?? "").ToList();
        if (!string.IsNullOrWhiteSpace(section.Value) && numbered.Count > 0)
        {
            // Which of the two ranks higher, a section cannot say.
            _errors.Add($"{section.Path}: is given both as one value and as numbered keys ({section.Path}:0). Remove one of them.");
        }

        return
        [
            .. (section.Value?.Split(',') ?? numbered.SelectMany(value => value.Split(',')))
            .Select(item => item.Trim())
            .Where(item => item.Length > 0),
        ];
    }

    private static (object? Value, string Expected) Parse(Type type, string text)
    {
        if (type == typeof(string))
        {
            return (text, "");
        }

        if (type.IsEnum)
        {
            var name = Enum.GetNames(type).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
            return (name is null ? null : Enum.Parse(type, name), $"one of {string.Join(", ", Enum.GetNames(type))}");
        }

        if (type == typeof(bool))
        {
            return (bool.TryParse(text, out var flag) ? flag : null, "true or false");
        }

        if (type == typeof(int))
        {
            return (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null, "a whole number");
        }

        if (type == typeof(TimeSpan))
        {
            string[] formats = [@"hh\:mm\:ss", @"d\.hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF"];
            return (TimeSpan.TryParseExact(text, formats, CultureInfo.InvariantCulture, out var duration) ? duration : null,
                "a duration such as 00:00:30 (hh:mm:ss, or d.hh:mm:ss)");
        }

        if (type == typeof(Uri))
        {
            return (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") ? uri : null,
                "an absolute http or https address");
        }

        throw new NotSupportedException($"Settings of type {type} cannot be read.");
    }
}
