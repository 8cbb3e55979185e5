using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email;

public sealed class FileEmailTransportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_mail_becomes_a_file_in_a_directory_made_for_it()
    {
        var transport = new FileEmailTransport(_directory.File("not/yet"));
        var message = Mails.New() with { Subject = "안녕" };

        var result = await transport.SendAsync(message, Stop);

        var file = Assert.Single(Directory.GetFiles(transport.Directory));
        Assert.Equal(SendResult.Accepted(Path.GetFileName(file)), result);
        Assert.Equal(Mails.Octets(message), await File.ReadAllBytesAsync(file, Stop));
    }

    [Fact]
    public async Task Names_sort_by_time_and_carry_the_message_id()
    {
        var transport = new FileEmailTransport(_directory.Path);
        var second = Mails.New() with { MessageId = "a@blog.example", QueuedAt = new(2026, 11, 23, 9, 0, 1, TimeSpan.FromHours(9)) };
        var first = Mails.New() with { MessageId = "b/../x@blog.example", QueuedAt = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero) };

        await transport.SendAsync(second, Stop);
        await transport.SendAsync(first, Stop);

        Assert.Equal(
            ["20261123T000000000Z-b_.._x@blog.example.eml", "20261123T000001000Z-a@blog.example.eml"],
            Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_repeated_mail_replaces_itself()
    {
        var transport = new FileEmailTransport(_directory.Path);
        var message = Mails.New();

        await transport.SendAsync(message, Stop);
        await transport.SendAsync(message with { Date = message.Date.AddDays(3) }, Stop);

        Assert.Single(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Many_mails_at_once_are_all_whole()
    {
        var transport = new FileEmailTransport(_directory.Path);
        var messages = Enumerable.Range(0, 50).Select(_ => Mails.New()).ToList();

        await Task.WhenAll(messages.Select(message => transport.SendAsync(message, Stop)));

        Assert.Equal(
            messages.Select(message => message.MessageId).Order(),
            Directory.GetFiles(_directory.Path).Select(file => EmlFile.Parse(File.ReadAllBytes(file)).MessageId).Order());
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_is_a_channel_down()
    {
        await File.WriteAllTextAsync(_directory.File("taken"), "a file", Stop);

        var result = await new FileEmailTransport(_directory.File("taken")).SendAsync(Mails.New(), Stop);

        Assert.Equal((SendOutcome.ChannelDown, ChannelFault.Configuration), (result.Outcome, result.Fault));
    }

    [Fact]
    public async Task Given_up_it_leaves_nothing_behind()
    {
        var transport = new FileEmailTransport(_directory.Path);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.SendAsync(Mails.New(), new CancellationToken(canceled: true)));

        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task What_is_no_address_is_not_written()
    {
        var result = await new FileEmailTransport(_directory.Path).SendAsync(Mails.New("jin"), Stop);

        Assert.Equal(SendOutcome.Permanent, result.Outcome);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }
}
