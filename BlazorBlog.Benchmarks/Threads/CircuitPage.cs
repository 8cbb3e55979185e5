using System.Text.Json;
using System.Text.RegularExpressions;

namespace BlazorBlog.Threads;

/// <summary>What Blazor's script takes from a page to start its circuit.</summary>
internal sealed partial class CircuitPage
{
    private CircuitPage(Uri address, Uri @base, string operations, string state)
    {
        Address = address;
        Base = @base;
        Operations = operations;
        State = state;
    }

    public Uri Address { get; }

    public Uri Base { get; }

    /// <summary>In JSON: adds every interactive component of the page.</summary>
    public string Operations { get; }

    /// <summary>Protected, for the server only; empty when the page has none.</summary>
    public string State { get; }

    /// <exception cref="InvalidDataException">Nothing on the page is interactive.</exception>
    public static async Task<CircuitPage> ReadAsync(HttpClient browser, Uri address, CancellationToken cancellation)
    {
        var html = await browser.GetStringAsync(address, cancellation);
        // The page carries each marker as JSON, and the server wants it back as it is.
        var components = Marker().Matches(html).Select(match => match.Groups[1].Value).Where(IsOfServer)
            .Select((marker, i) => $$"""{"type":"add","ssrComponentId":{{i + 1}},"marker":{{marker}}}""").ToList();
        if (components.Count == 0)
        {
            throw new InvalidDataException($"Nothing on {address} is interactive.");
        }

        return new CircuitPage(
            address,
            new Uri(address, BaseAddress().Match(html) is { Success: true } match ? match.Groups[1].Value : "."),
            $$"""{"batchId":1,"operations":[{{string.Join(',', components)}}]}""",
            StateComment().Match(html).Groups[1].Value);
    }

    /// <summary>A marker that only ends a component has no type.</summary>
    private static bool IsOfServer(string marker)
    {
        using var json = JsonDocument.Parse(marker);
        return json.RootElement.TryGetProperty("type", out var type) && type.ValueEquals("server");
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->")]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex StateComment();

    [GeneratedRegex("<base href=\"(.*?)\"")]
    private static partial Regex BaseAddress();
}
