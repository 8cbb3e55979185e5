using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Sms.Text;

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
    /// <param name="message">As it would be sent now.</param>
    /// <param name="sentAt">When the attempt began (UTC).</param>
    /// <param name="cancellationToken">Stops the question.</param>
    Task<SendResult?> FindAsync(SmsMessage message, DateTimeOffset sentAt, CancellationToken cancellationToken);

    /// <summary>The whole text with the title shortened so that it costs the fewest segments this provider can carry it in.</summary>
    string Fit(SmsText text);

    SmsSize Measure(string text);
}

/// <summary>One SMS to one number.</summary>
/// <param name="Id">The delivery's id: travels with the message where the provider allows, so that it can be found again.</param>
/// <param name="To">E.164, e.g. <c>+821012345678</c>.</param>
/// <param name="Text">Already fitted by <see cref="ISmsTransport.Fit"/>.</param>
public sealed record SmsMessage(Guid Id, string To, string Text) : OutgoingMessage
{
    /// <summary>The end of <see cref="Text"/>, which stays the same when the comment's author takes another name or the post another title.</summary>
    public string Link { get; init; } = Text;
}

/// <summary>What became of a call for several recipients.</summary>
/// <param name="GroupId">The provider's id of the call, where it has one.</param>
/// <param name="Results">One per message, in the order given.</param>
public sealed record SmsBatchResult(string? GroupId, IReadOnlyList<SendResult> Results)
{
    public int SuccessCount => Results.Count(result => result.Outcome == SendOutcome.Accepted);

    public int ErrorCount => Results.Count - SuccessCount;

    /// <summary>Code and text of each message that was not accepted, with its position.</summary>
    public IReadOnlyList<(int Index, string? Code, string? Text)> Errors =>
    [
        .. Results
            .Select((result, index) => (result, index))
            .Where(x => x.result.Outcome != SendOutcome.Accepted)
            .Select(x => (x.index, x.result.Code, x.result.Text)),
    ];
}
