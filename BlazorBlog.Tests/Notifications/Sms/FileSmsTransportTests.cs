using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Sms.Text;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting.Internal;

namespace BlazorBlog.Notifications.Sms;

public sealed class FileSmsTransportTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("blog-sms-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Outbox => Path.Combine(_root.FullName, "App_Data", "outbox");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task A_message_lies_in_the_outbox_as_it_was_sent_and_is_found_again()
    {
        var sms = Sms("새 댓글:\n\nhttps://b.kr/1");
        var result = Assert.Single((await Transport().SendAsync([sms], Cancellation)).Results);

        var path = Assert.Single(Directory.GetFiles(Outbox));
        var read = await SmsFile.ReadAsync(path, Cancellation);
        Assert.Equal((SendOutcome.Accepted, Path.GetFileName(path)), (result.Outcome, result.ProviderId));
        Assert.Equal((sms.Id, sms.To, sms.Text, new SmsSize("UCS-2", 21, 1)), (read.Id, read.To, read.Text, read.Size));
        Assert.InRange(read.Date, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());
        Assert.Equal(SendOutcome.Accepted, (await Transport().FindAsync(sms, read.Date, Cancellation))?.Outcome);
    }

    [Fact]
    public async Task A_message_that_does_not_lie_there_was_not_sent() =>
        Assert.Null(await Transport().FindAsync(Sms("x"), TimeProvider.System.GetUtcNow(), Cancellation));

    [Fact]
    public async Task Sent_again_it_replaces_itself()
    {
        var sms = Sms("once");
        await Transport().SendAsync([sms], Cancellation);
        await Transport().SendAsync([sms], Cancellation);
        Assert.Single(Directory.GetFiles(Outbox));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_takes_the_channel_down()
    {
        await File.WriteAllTextAsync(Path.Combine(_root.FullName, "App_Data"), "a file, not a folder", Cancellation);
        var result = Assert.Single((await Transport().SendAsync([Sms("x")], Cancellation)).Results);
        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Configuration), (result.Outcome, result.Fault));
    }

    private FileSmsTransport Transport() => new(
        new SmsSettings(),
        new HostingEnvironment { ContentRootPath = _root.FullName, ContentRootFileProvider = new NullFileProvider() },
        TimeProvider.System);

    private static SmsMessage Sms(string text) => new(Guid.CreateVersion7(), "+821012345678", text);
}
