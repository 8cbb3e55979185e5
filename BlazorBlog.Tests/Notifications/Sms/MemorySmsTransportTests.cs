using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Sms;

public sealed class MemorySmsTransportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_thousand_are_kept()
    {
        var transport = new MemorySmsTransport();
        var messages = Enumerable.Range(0, 1001).Select(i => Sms($"{i}")).ToList();
        await transport.SendAsync(messages, Cancellation);

        Assert.Equal(messages.Skip(1), transport.Messages);
        Assert.Equal(SendOutcome.Accepted, (await transport.FindAsync(messages[5], default, Cancellation))?.Outcome);
        Assert.Null(await transport.FindAsync(messages[0], default, Cancellation));
    }

    private static SmsMessage Sms(string text) => new(Guid.CreateVersion7(), "+821012345678", text);
}
