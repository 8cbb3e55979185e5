using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Sms.Text;

namespace BlazorBlog.Notifications.Sms;

/// <summary>Keeps the last SMS in memory, for demonstrations and tests.</summary>
public sealed class MemorySmsTransport : ISmsTransport
{
    private const int Capacity = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<SmsMessage> _messages = [];

    /// <summary>The last 1,000, oldest first.</summary>
    public IReadOnlyList<SmsMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    public int MessagesPerCall => 100;

    public Task<SmsBatchResult> SendAsync(IReadOnlyList<SmsMessage> messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            foreach (var message in messages)
            {
                if (_messages.Count == Capacity)
                {
                    _messages.Dequeue();
                }

                _messages.Enqueue(message);
            }
        }

        return Task.FromResult(new SmsBatchResult(null, [.. messages.Select(message => SendResult.Accepted(message.Id.ToString()))]));
    }

    public Task<SendResult?> FindAsync(SmsMessage message, DateTimeOffset sentAt, CancellationToken cancellationToken) =>
        Task.FromResult(Messages.Any(kept => kept.Id == message.Id) ? SendResult.Accepted(message.Id.ToString()) : null);

    public string Fit(SmsText text) => SmsSegments.Fit(text);

    public SmsSize Measure(string text) => SmsSegments.Measure(text);
}
