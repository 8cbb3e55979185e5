using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Sms;

/// <summary>What a look into a provider's list of messages says about a message of unknown outcome; the answers of <see cref="ISmsTransport.FindAsync"/>.</summary>
internal static class SendReconciliation
{
    // We wait 30 seconds for an answer; a provider that was slower still may list the message a little later.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    /// <summary>It is there. One refused for a passing reason did not arrive and may be sent again.</summary>
    public static SendResult? Found(SendResult listed) => listed.Outcome is SendOutcome.Transient or SendOutcome.ChannelDown ? null : listed;

    /// <summary>The provider gave no list, or not to its end.</summary>
    public static SendResult Unanswered() => SendResult.Transient("not listed", "The provider could not be asked for its messages.");

    /// <summary>It is not there; certain only some time after the attempt.</summary>
    public static SendResult? NotFound(DateTimeOffset sentAt, DateTimeOffset now) =>
        sentAt + Settling - now is { Ticks: > 0 } wait ? SendResult.Transient("not listed yet", retryAfter: wait) : null;
}
