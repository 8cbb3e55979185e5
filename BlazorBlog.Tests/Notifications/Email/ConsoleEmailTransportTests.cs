using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email;

public sealed class ConsoleEmailTransportTests
{
    [Fact]
    public async Task A_mail_is_shown_without_its_control_characters()
    {
        await using var console = new StringWriter();
        var message = Mails.New() with { Subject = "안녕\r\nX: 1", Text = "one\r\ntwo\u001b[2J" };

        var result = await new ConsoleEmailTransport(console).SendAsync(message, TestContext.Current.CancellationToken);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        var shown = console.ToString();
        Assert.Contains("----- 안녕 X: 1", shown, StringComparison.Ordinal);
        Assert.Contains("From: A Blog <blog@example.com>", shown, StringComparison.Ordinal);
        Assert.Contains("To: Jin <jin@example.com>", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown);
        Assert.DoesNotContain('\r', shown);
    }
}
