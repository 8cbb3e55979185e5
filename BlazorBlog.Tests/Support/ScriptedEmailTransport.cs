using System.Collections.Concurrent;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;

namespace BlazorBlog.Support;

/// <summary>Takes every mail, and does with each first what the test says: wait, refuse, throw.</summary>
public sealed class ScriptedEmailTransport : IEmailTransport
{
    private readonly ConcurrentQueue<EmailMessage> _sent = new();

    /// <summary>Null from the task means: taken.</summary>
    public Func<EmailMessage, CancellationToken, Task<SendResult?>> Answer { get; set; } = (_, _) => Task.FromResult<SendResult?>(null);

    /// <summary>Every mail that was handed over, whatever became of it.</summary>
    public IReadOnlyList<EmailMessage> Sent => [.. _sent];

    public async Task<SendResult> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        _sent.Enqueue(message);
        return await Answer(message, cancellationToken) ?? SendResult.Accepted(message.MessageId);
    }
}
