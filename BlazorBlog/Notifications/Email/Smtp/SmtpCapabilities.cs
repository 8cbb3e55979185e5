using System.Globalization;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>What a server said it can do, in its answer to EHLO.</summary>
public sealed record SmtpCapabilities
{
    public bool StartTls { get; init; }

    public bool Pipelining { get; init; }

    public bool EightBitMime { get; init; }

    public bool SmtpUtf8 { get; init; }

    /// <summary>SIZE is understood (RFC 1870).</summary>
    public bool Size { get; init; }

    /// <summary>Largest mail taken, in octets; null when the server names no limit.</summary>
    public long? MaxSize { get; init; }

    /// <summary>Names of the AUTH mechanisms, upper case.</summary>
    public IReadOnlySet<string> Auth { get; init; } = new HashSet<string>();

    public static SmtpCapabilities Parse(SmtpReply ehlo)
    {
        var capabilities = new SmtpCapabilities();
        var auth = new HashSet<string>();
        // The first line is the server's name.
        foreach (var line in ehlo.Text.Split('\n').Skip(1))
        {
            // Old servers write AUTH=LOGIN PLAIN.
            var words = line.ToUpperInvariant().Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
            capabilities = words.FirstOrDefault() switch
            {
                "STARTTLS" => capabilities with { StartTls = true },
                "PIPELINING" => capabilities with { Pipelining = true },
                "8BITMIME" => capabilities with { EightBitMime = true },
                "SMTPUTF8" => capabilities with { SmtpUtf8 = true },
                "SIZE" => capabilities with { Size = true, MaxSize = Limit(words.ElementAtOrDefault(1)) },
                _ => capabilities,
            };
            if (words.FirstOrDefault() == "AUTH")
            {
                auth.UnionWith(words.Skip(1));
            }
        }

        return capabilities with { Auth = auth };
    }

    private static long? Limit(string? word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit : null;
}
