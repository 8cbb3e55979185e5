using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Sms;

namespace BlazorBlog.DevMailbox;

/// <summary>Combines the files of the folder with their rows of the ledger.</summary>
internal sealed class MailboxReader(MailboxFolder folder, MailboxDeliveries ledger, EmailSettings email, SmsSettings sms)
{
    private const int MessagesPerPage = 50;

    public async Task<MailboxContents> ReadAsync(MailboxFilter filter, CancellationToken cancellationToken)
    {
        var (messages, hasOlder) = await ReadMessagesAsync(filter, cancellationToken);
        var deliveries = await ledger.FindAsync(messages, cancellationToken);
        var unsent = filter.Number == 1 ? await ledger.ReadUnsentAsync(cancellationToken) : [];
        return new MailboxContents(
            filter,
            [.. messages.OrderByDescending(message => message.At).Select(message => new MailboxEntry(message, deliveries.GetValueOrDefault(message.Name)))],
            hasOlder,
            [.. unsent.Where(filter.Matches)],
            [.. Elsewhere()]);
    }

    /// <summary>Files are read until the page is full; those of earlier pages only where words decide whether they count.</summary>
    private async Task<(List<MailboxMessage> Messages, bool HasOlder)> ReadMessagesAsync(MailboxFilter filter, CancellationToken cancellationToken)
    {
        List<MailboxMessage> messages = [];
        var before = (long)MessagesPerPage * (filter.Number - 1);
        foreach (var file in folder.List(filter.Channel))
        {
            if (filter.Words.Length == 0 && before > 0)
            {
                before--;
            }
            else if (await MailboxFolder.ReadAsync(file, cancellationToken) is not { } message || !filter.Matches(message))
            {
                continue;
            }
            else if (before > 0)
            {
                before--;
            }
            else if (messages.Count == MessagesPerPage)
            {
                return (messages, true);
            }
            else
            {
                messages.Add(message);
            }
        }

        return (messages, false);
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
