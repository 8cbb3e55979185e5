using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Sms.Text;

namespace BlazorBlog.Notifications.Sms;

/// <summary>Writes each SMS into a folder, for development; the mailbox page reads them there.</summary>
public sealed class FileSmsTransport(SmsSettings settings, IHostEnvironment environment, TimeProvider time) : ISmsTransport
{
    private readonly string _directory = Path.GetFullPath(settings.Directory, environment.ContentRootPath);

    public int MessagesPerCall => 1;

    public async Task<SmsBatchResult> SendAsync(IReadOnlyList<SmsMessage> messages, CancellationToken cancellationToken)
    {
        var results = new List<SendResult>();
        foreach (var message in messages)
        {
            results.Add(await WriteAsync(message, cancellationToken));
        }

        return new SmsBatchResult(null, results);
    }

    public Task<SendResult?> FindAsync(SmsMessage message, DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        var path = PathOf(message.Id);
        return Task.FromResult(File.Exists(path) ? SendResult.Accepted(Path.GetFileName(path)) : null);
    }

    public string Fit(SmsText text) => SmsSegments.Fit(text);

    public SmsSize Measure(string text) => SmsSegments.Measure(text);

    private async Task<SendResult> WriteAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        var path = PathOf(message.Id);
        var content = new SmsFile(time.GetUtcNow(), message.Id, message.To, Measure(message.Text), message.Text).ToString();
        // Readers see the whole file or none: it gets its name when it is complete. The same SMS sent again replaces itself.
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(_directory);
            await File.WriteAllTextAsync(unfinished, content, cancellationToken);
            File.Move(unfinished, path, overwrite: true);
            return SendResult.Accepted(Path.GetFileName(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SendResult.ChannelDown(ChannelFault.Configuration, "file", exception.Message);
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }
    }

    private string PathOf(Guid id) => Path.Combine(_directory, id + SmsFile.Extension);
}
