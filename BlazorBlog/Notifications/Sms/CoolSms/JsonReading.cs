using System.Text.Json;
using BlazorBlog.Hosting;

namespace BlazorBlog.Notifications.Sms.CoolSms;

/// <summary>Reads members of providers' answers, which may be missing, null or of another kind than documented: all of these are null here.</summary>
internal static class JsonReading
{
    /// <summary>The body as a JSON object; null when it is none.</summary>
    public static JsonElement? Json(this ProviderResponse response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A string, or a number as it is written.</summary>
    public static string? Text(this JsonElement parent, string name) => parent.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text => TypedText.Of(text),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

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
