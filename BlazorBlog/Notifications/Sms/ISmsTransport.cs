namespace BlazorBlog.Notifications.Sms;

/// <summary>Hands SMS over and says what became of each. Implementations are singletons, safe for concurrent calls.</summary>
public interface ISmsTransport
{
    /// <summary>How many messages one call may carry; 1 where the provider takes one recipient a call.</summary>
    int MessagesPerCall { get; }

    /// <summary>Same contract as <c>IEmailTransport.SendAsync</c>: what the provider or network does is a result, not an exception.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before anything can have been handed over.</exception>
    Task<SmsBatchResult> SendAsync(IReadOnlyList<SmsMessage> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Asks the provider whether a message of unknown outcome arrived there. Accepted when it is there; Permanent when it is there and
    /// was refused for good; Transient when the provider could not be asked or cannot say yet; null when a new attempt is right, because the
    /// provider has certainly never seen it or refused it for a passing reason; Unknown when it cannot be asked at all.
    /// </summary>
    /// <param name="message">The message as it was sent.</param>
    /// <param name="sentAt">When the attempt began (UTC).</param>
    /// <param name="cancellationToken">Stops the question.</param>
    Task<SendResult?> FindAsync(SmsMessage message, DateTimeOffset sentAt, CancellationToken cancellationToken);

    /// <summary>The whole text with the title shortened so that it costs the fewest segments this provider can carry it in.</summary>
    string Fit(SmsText text);

    SmsSize Measure(string text);
}
