using System.Globalization;
using System.Text;
using BlazorBlog.Notifications.Sms.Text;

namespace BlazorBlog.Notifications.Sms;

/// <summary>An SMS as it lies in the outbox folder: header lines, an empty line, the text.</summary>
/// <param name="Date">When it was written; the file's own time where the header lacks it.</param>
/// <param name="Id">The delivery's id; null where the header lacks it.</param>
/// <param name="To">E.164.</param>
/// <param name="Size">Null where the header lacks it.</param>
/// <param name="Text">What the telephone shows.</param>
public sealed record SmsFile(DateTimeOffset Date, Guid? Id, string To, SmsSize? Size, string Text)
{
    /// <summary>How file names of SMS end.</summary>
    public const string Extension = ".txt";

    public override string ToString() => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"Date: {Date.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\n")
        .Append(CultureInfo.InvariantCulture, $"Id: {Id}\n")
        .Append(CultureInfo.InvariantCulture, $"To: {To}\n")
        .Append(CultureInfo.InvariantCulture, $"Encoding: {Size?.Encoding}\n")
        .Append(CultureInfo.InvariantCulture, $"Length: {Size?.Length}\n")
        .Append(CultureInfo.InvariantCulture, $"Segments: {Size?.Segments}\n")
        .Append('\n')
        .Append(Text)
        .ToString();

    /// <summary>Accepts any file, with missing or unknown header lines: developers also put files into the folder.</summary>
    /// <exception cref="IOException">The file is gone or cannot be read.</exception>
    public static async Task<SmsFile> ReadAsync(string path, CancellationToken cancellationToken) =>
        Parse(await File.ReadAllTextAsync(path, cancellationToken), new DateTimeOffset(File.GetLastWriteTimeUtc(path)));

    internal static SmsFile Parse(string content, DateTimeOffset fallbackDate)
    {
        var lines = content.ReplaceLineEndings("\n");
        var end = lines.IndexOf("\n\n", StringComparison.Ordinal);
        var header = (end < 0 ? "" : lines[..end]).Split('\n')
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0].Trim(), parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);

        return new SmsFile(
            DateTimeOffset.TryParse(header.GetValueOrDefault("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : fallbackDate,
            Guid.TryParse(header.GetValueOrDefault("Id"), out var id) ? id : null,
            header.GetValueOrDefault("To", ""),
            ReadSize(header),
            // Without a header of ours the whole file is the text.
            header.ContainsKey("To") ? lines[(end + 2)..] : lines);
    }

    private static SmsSize? ReadSize(Dictionary<string, string> header) =>
        header.TryGetValue("Encoding", out var encoding)
        && int.TryParse(header.GetValueOrDefault("Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && int.TryParse(header.GetValueOrDefault("Segments"), NumberStyles.None, CultureInfo.InvariantCulture, out var segments)
            ? new SmsSize(encoding, length, segments)
            : null;
}
