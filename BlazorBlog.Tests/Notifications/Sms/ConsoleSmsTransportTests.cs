namespace BlazorBlog.Notifications.Sms;

public sealed class ConsoleSmsTransportTests
{
    [Fact]
    public async Task A_message_is_printed_as_the_outbox_would_hold_it()
    {
        using var output = new StringWriter();
        var sms = new SmsMessage(Guid.CreateVersion7(), "+821012345678", "printed");
        var batch = await new ConsoleSmsTransport(output, TimeProvider.System).SendAsync([sms], TestContext.Current.CancellationToken);

        Assert.Equal(1, batch.SuccessCount);
        Assert.Contains($"Id: {sms.Id}\nTo: +821012345678\nEncoding: GSM-7\nLength: 7\nSegments: 1\n\nprinted\n", output.ToString(), StringComparison.Ordinal);
    }
}
