using System.Text.Json;

namespace BlazorBlog.Threads;

/// <summary>What the script of an open page tells its circuit, always as a whole.</summary>
/// <param name="Number">Rises with every change; the page repeats it when it was heard.</param>
/// <param name="IsVisible">Whether the window is in sight.</param>
/// <param name="Token">Who reads, as <see cref="ReaderToken"/> wrote it; null when the script was given none.</param>
/// <param name="Show">Comments to bring into the part of the thread that is shown.</param>
/// <param name="Seen">Comments that were in sight long enough to be read.</param>
internal sealed record ReaderWindow(int Number, bool IsVisible, string? Token, IReadOnlyList<Guid> Show, IReadOnlyList<Guid> Seen)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <returns>Null for anything that the script did not write.</returns>
    public static ReaderWindow? Parse(string? json)
    {
        try
        {
            return JsonSerializer.Deserialize<ReaderWindow>(json ?? "null", Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
