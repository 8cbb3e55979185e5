using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email;

public sealed class MemoryEmailTransportTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_mails_are_kept()
    {
        var transport = new MemoryEmailTransport(capacity: 2);
        var messages = new[] { Mails.New(), Mails.New(), Mails.New() };

        foreach (var message in messages)
        {
            Assert.Equal(SendResult.Accepted(message.MessageId), await transport.SendAsync(message, Stop));
        }

        Assert.Equal(messages[1..], transport.Messages);
    }

    [Fact]
    public async Task What_is_no_address_is_refused()
    {
        var transport = new MemoryEmailTransport();

        Assert.Equal(SendOutcome.Permanent, (await transport.SendAsync(Mails.New("jin"), Stop)).Outcome);
        Assert.Empty(transport.Messages);
    }

    [Fact]
    public async Task A_wrong_sender_or_message_id_is_refused_too()
    {
        var transport = new MemoryEmailTransport();

        var sender = await transport.SendAsync(Mails.New() with { From = new Mailbox("blog") }, Stop);
        var id = await transport.SendAsync(Mails.New() with { MessageId = "<a@b>" }, Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Configuration), (sender.Outcome, sender.Fault));
        Assert.Equal(SendOutcome.Permanent, id.Outcome);
    }
}
