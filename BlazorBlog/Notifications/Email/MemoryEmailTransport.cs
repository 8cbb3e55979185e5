using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

/// <summary>Keeps the last mails in memory, oldest first: for tests and demonstrations.</summary>
public sealed class MemoryEmailTransport(int capacity = 1000) : IEmailTransport
{
    private readonly Lock _gate = new();
    private readonly Queue<EmailMessage> _messages = [];

    public IReadOnlyList<EmailMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    public Task<SendResult> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!EmailEnvelope.TryCreate(message, out _, out var refusal))
        {
            return Task.FromResult(refusal);
        }

        lock (_gate)
        {
            _messages.Enqueue(message);
            if (_messages.Count > capacity)
            {
                _messages.Dequeue();
            }
        }

        return Task.FromResult(SendResult.Accepted(message.MessageId));
    }
}
