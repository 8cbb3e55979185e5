using System.Net;
using BlazorBlog.Hosting;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>Limits attempts to guess, and requests that make the blog send mail. Kept in memory, per node.</summary>
public sealed class AccountRateLimiter(RateLimitSettings settings) : IDisposable
{
    /// <summary>A household, or an office behind one address, has several mailboxes.</summary>
    private const int MailboxesPerNetwork = 6;

    /// <summary>The owner's network has an allowance that strangers elsewhere cannot use up; all together have an end too.</summary>
    private const int NetworksPerMailbox = 6;

    /// <summary>Decoding one may take 200 MB and a second.</summary>
    private const int PicturesPerHour = 20;

    private readonly TokenBuckets _guesses = new(settings.Enabled, settings.SignInsPerMinute, TimeSpan.FromMinutes(1));
    private readonly TokenBuckets _mailboxesOfNetwork = new(settings.Enabled, settings.AccountMailsPerHour, TimeSpan.FromHours(1));
    private readonly TokenBuckets _mailboxes = new(settings.Enabled, settings.AccountMailsPerHour * NetworksPerMailbox, TimeSpan.FromHours(1));
    private readonly TokenBuckets _senders = new(settings.Enabled, settings.AccountMailsPerHour * MailboxesPerNetwork, TimeSpan.FromHours(1));
    private readonly TokenBuckets _pictures = new(settings.Enabled, PicturesPerHour, TimeSpan.FromHours(1));

    /// <summary>A password or a code is tried.</summary>
    /// <param name="network">Where from.</param>
    /// <param name="retryAfter">When refused: how long to wait, at least a second.</param>
    public bool TryGuess(IPAddress? network, out TimeSpan retryAfter) => _guesses.TryTake(network.ToLimitKey(), out retryAfter);

    /// <summary>A mail is asked for. Whether the mailbox belongs to an account makes no difference.</summary>
    /// <param name="network">Where from.</param>
    /// <param name="mailbox">To whom; counted under its normalised spelling.</param>
    /// <param name="retryAfter">When refused: how long to wait, at least a second.</param>
    public bool TryMail(IPAddress? network, string mailbox, out TimeSpan retryAfter)
    {
        var address = EmailAddress.Normalize(mailbox);
        return _senders.TryTake(network.ToLimitKey(), out retryAfter)
            && _mailboxesOfNetwork.TryTake($"{network.ToLimitKey()} {address}", out retryAfter)
            && _mailboxes.TryTake(address, out retryAfter);
    }

    /// <summary>A picture is uploaded.</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="retryAfter">When refused: how long to wait, at least a second.</param>
    public bool TryPicture(Guid userId, out TimeSpan retryAfter) => _pictures.TryTake(userId.ToString(), out retryAfter);

    public void Dispose()
    {
        _guesses.Dispose();
        _mailboxesOfNetwork.Dispose();
        _mailboxes.Dispose();
        _senders.Dispose();
        _pictures.Dispose();
    }
}
