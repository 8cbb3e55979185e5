using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Support;

/// <summary>How a <see cref="TestBlog"/> differs from the usual one.</summary>
public sealed class TestBlogOptions
{
    public string Environment { get; set; } = "Production";

    /// <summary>An existing folder with the database of an earlier blog; a new one when null.</summary>
    public string? Folder { get; set; }

    /// <summary>A migrated database that others may use too; a SQLite file in <see cref="Folder"/> when null.</summary>
    public BlogDatabase? Database { get; set; }

    public TimeProvider? Time { get; set; }

    /// <summary>By configuration key. The transports keep what they get in memory, and nothing limits a hurried test.</summary>
    public Dictionary<string, string> Settings { get; } = new()
    {
        ["Site:BaseUrl"] = "https://blog.example",
        ["Email:Transport"] = "Memory",
        ["Sms:Transport"] = "Memory",
        ["Sms:DefaultRegion"] = "KR",
        ["RateLimits:Enabled"] = "false",
        ["Comments:MinimumSeconds"] = "0",
        ["Notifications:PollInterval"] = "00:00:00.1",
        ["Logging:LogLevel:Default"] = "None",
    };

    /// <summary>Whether the dispatcher runs; without it, intents and deliveries stay as they were written.</summary>
    public bool Dispatches { get; set; } = true;

    /// <summary>Whether scripts and styles are served, as browsers need them; the program finds them by itself in Development alone.</summary>
    public bool StaticAssets { get; set; }

    /// <summary>Changes registrations after the program made its own.</summary>
    public Action<IServiceCollection>? Services { get; set; }
}
