using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Sms.Text;

namespace BlazorBlog.Notifications.Sms;

/// <summary>Prints each SMS.</summary>
public sealed class ConsoleSmsTransport(TextWriter output, TimeProvider time) : ISmsTransport
{
    public int MessagesPerCall => 1;

    public async Task<SmsBatchResult> SendAsync(IReadOnlyList<SmsMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var sms = new SmsFile(time.GetUtcNow(), message.Id, message.To, Measure(message.Text), message.Text);
            await output.WriteLineAsync($"--- SMS ---\n{sms}\n-----------");
        }

        return new SmsBatchResult(null, [.. messages.Select(message => SendResult.Accepted(message.Id.ToString()))]);
    }

    public Task<SendResult?> FindAsync(SmsMessage message, DateTimeOffset sentAt, CancellationToken cancellationToken) =>
        Task.FromResult<SendResult?>(SendResult.Unknown("console", "What was printed cannot be asked for."));

    public string Fit(SmsText text) => SmsSegments.Fit(text);

    public SmsSize Measure(string text) => SmsSegments.Measure(text);
}
