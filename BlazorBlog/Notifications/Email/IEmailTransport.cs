using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

/// <summary>Hands one mail over and says what became of it. Implementations are singletons, safe for concurrent calls.</summary>
public interface IEmailTransport
{
    /// <summary>
    /// Never throws for what a server, a network or a file system does: that is a <see cref="SendResult"/>. Throws
    /// <see cref="OperationCanceledException"/> only when nothing can have been handed over yet; cancelled later, the outcome is
    /// <see cref="SendOutcome.Unknown"/>. A recipient or Message-ID that is none is <see cref="SendOutcome.Permanent"/>, a sender that is
    /// none <see cref="SendOutcome.ChannelDown"/>; nothing is sent then.
    /// </summary>
    Task<SendResult> SendAsync(EmailMessage message, CancellationToken cancellationToken);
}
