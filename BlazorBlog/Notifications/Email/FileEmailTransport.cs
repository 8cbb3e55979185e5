using System.Globalization;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

/// <summary>
/// Writes each mail as an <c>.eml</c> file. Names sort by the mails' time and are the same for a repeated mail, so it replaces itself.
/// </summary>
/// <param name="directory">Absolute; made when it does not exist.</param>
public sealed class FileEmailTransport(string directory) : IEmailTransport
{
    public const string Extension = ".eml";

    public string Directory { get; } = directory;

    public async Task<SendResult> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        if (!EmailEnvelope.TryCreate(message, out var envelope, out var refusal))
        {
            return refusal;
        }

        using var mail = MimeComposer.Compose(message, envelope);
        var name = FileName(message);
        var unfinished = Path.Combine(Directory, $".{Guid.NewGuid():N}.tmp");
        try
        {
            System.IO.Directory.CreateDirectory(Directory);
            await WriteAsync(unfinished, mail.ToOctets(envelope), cancellationToken);
            // Renamed when complete, so that a listing of the directory never shows a partial mail.
            File.Move(unfinished, Path.Combine(Directory, name), overwrite: true);
            return SendResult.Accepted(name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SendResult.ChannelDown(ChannelFault.Configuration, "file", $"The mail cannot be written ({exception.GetType().Name}).");
        }
        finally
        {
            DeleteQuietly(unfinished);
        }
    }

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        await file.WriteAsync(content, cancellationToken);
        // Flush to disk before the ledger records "accepted": otherwise a power cut could lose the mail.
        file.Flush(flushToDisk: true);
    }

    private static string FileName(EmailMessage message)
    {
        const int longestId = 100;
        var time = message.QueuedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var id = string.Concat(message.MessageId.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '@' ? c : '_'));
        return $"{time}-{id[..Math.Min(id.Length, longestId)]}{Extension}";
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The result already reports the fault of the directory.
        }
    }
}
