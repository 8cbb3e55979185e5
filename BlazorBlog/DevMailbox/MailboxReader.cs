using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Sms;

namespace BlazorBlog.DevMailbox;

/// <summary>Combines the files of the folder with their rows of the ledger.</summary>
internal sealed class MailboxReader(MailboxFolder folder, MailboxDeliveries ledger, EmailSettings email, SmsSettings sms)
{
    private const int MostMessages = 100;

    public async Task<MailboxContents> ReadAsync(MailboxFilter filter, CancellationToken cancellationToken)
    {
        List<MailboxMessage> messages = [];
        foreach (var file in folder.Files.Take(MostMessages))
        {
            if (await MailboxFolder.ReadAsync(file, cancellationToken) is { } message && filter.Matches(message))
            {
                messages.Add(message);
            }
        }

        var deliveries = await ledger.FindAsync(messages, cancellationToken);
        var unsent = await ledger.ReadUnsentAsync(cancellationToken);
        return new MailboxContents(
            filter,
            [.. messages.OrderByDescending(message => message.At).Select(message => new MailboxEntry(message, deliveries.GetValueOrDefault(message.Name)))],
            [.. unsent.Where(filter.Matches)],
            [.. Elsewhere()]);
    }

    private IEnumerable<NotificationChannel> Elsewhere()
    {
        if (email.Transport != EmailTransportKind.File)
        {
            yield return NotificationChannel.Email;
        }

        if (sms.Transport != SmsTransportKind.File)
        {
            yield return NotificationChannel.Sms;
        }
    }
}
