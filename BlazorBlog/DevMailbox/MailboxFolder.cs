using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Sms;

namespace BlazorBlog.DevMailbox;

/// <summary>The files that the File transports wrote, and any files that developers put beside them.</summary>
internal sealed class MailboxFolder(EmailSettings email, SmsSettings sms, IWebHostEnvironment environment)
{
    /// <summary>Newest first, by the time they were written.</summary>
    /// <param name="channel">Null for both.</param>
    public IEnumerable<FileInfo> List(NotificationChannel? channel) =>
        (channel == NotificationChannel.Sms ? [] : Written(email.Directory, FileEmailTransport.Extension))
            .Concat(channel == NotificationChannel.Email ? [] : Written(sms.Directory, SmsFile.Extension))
            .OrderByDescending(file => file.LastWriteTimeUtc).ThenByDescending(file => file.Name, StringComparer.Ordinal);

    /// <summary>Only what the listing shows can be opened, so no name leads out of the folder.</summary>
    public FileInfo? Find(string name) => List(null).FirstOrDefault(file => file.Name == name);

    /// <returns>Null when it is gone or cannot be opened: the mailbox shows the other files.</returns>
    public static async Task<MailboxMessage?> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return file.Extension.Equals(FileEmailTransport.Extension, StringComparison.OrdinalIgnoreCase)
                ? MailboxMessage.Of(file, EmlFile.Parse(await File.ReadAllBytesAsync(file.FullName, cancellationToken)))
                : MailboxMessage.Of(file, await SmsFile.ReadAsync(file.FullName, cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private FileInfo[] Written(string directory, string extension)
    {
        var folder = new DirectoryInfo(Path.GetFullPath(directory, environment.ContentRootPath));
        return folder.Exists ? folder.GetFiles($"*{extension}") : [];
    }
}
