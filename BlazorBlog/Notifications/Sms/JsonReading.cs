using System.Globalization;
using System.Text.Json;

namespace BlazorBlog.Notifications.Sms;

/// <summary>Reads members of providers' answers, which may be missing, null or of another kind than documented: all of these are null here.</summary>
internal static class JsonReading
{
    /// <summary>A string, or a number as it is written.</summary>
    public static string? Text(this JsonElement parent, string name) => parent.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    public static int? Number(this JsonElement parent, string name) =>
        int.TryParse(parent.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The elements of an array, or the values of an object keyed by id; none when it is neither.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement parent, string name) => parent.Member(name) switch
    {
        { ValueKind: JsonValueKind.Array } array => array.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } map => map.EnumerateObject().Select(member => member.Value),
        _ => [],
    };

    public static JsonElement? Member(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : null;
}
