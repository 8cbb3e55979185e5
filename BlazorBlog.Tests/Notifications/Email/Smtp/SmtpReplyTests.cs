namespace BlazorBlog.Notifications.Email.Smtp;

public sealed class SmtpReplyTests
{
    [Theory]
    [InlineData("5.1.1 no", "5.1.1", "550 5.1.1", "no")]
    [InlineData("5.1.1", "5.1.1", "550 5.1.1", "")]
    [InlineData("no 5.1.1", null, "550", "no 5.1.1")]
    [InlineData("5.1.1no", null, "550", "5.1.1no")]
    [InlineData("5.7.1 a\n5.7.1 b", "5.7.1", "550 5.7.1", "a b")]
    public void The_enhanced_code_stands_at_the_start(string text, string? enhanced, string full, string words)
    {
        var reply = new SmtpReply(550, text);

        Assert.Equal((enhanced, full, words), (reply.Enhanced, reply.FullCode, reply.Words));
    }

    [Theory]
    [InlineData("jin@example.com unknown", "[address] unknown")]
    [InlineData("<jin.lee+x@example.com>: unknown", "<[address]>: unknown")]
    [InlineData("RCPT TO:<jin@example.com> refused", "RCPT TO:<[address]> refused")]
    [InlineData("user (jin@example.com), \"kim@example.org\"", "user ([address]), \"[address]\"")]
    [InlineData("진@도메인.한국 unknown", "[address] unknown")]
    [InlineData("https://x.example/?to=jin%40example.com", "https:[address]")]
    [InlineData("a\u0000b\u001b[31mc\td", "a b [31mc d")]
    public void Words_hold_no_address_and_no_control_character(string text, string words) => Assert.Equal(words, new SmtpReply(550, text).Words);

    [Fact]
    public void Words_are_short_and_no_address_is_cut_open()
    {
        var text = string.Concat(Enumerable.Repeat("secret.person@example.com ", 1000));

        var words = new SmtpReply(550, text).Words;

        Assert.InRange(words.Length, 1, 301);
        Assert.DoesNotContain("secret", words, StringComparison.Ordinal);
    }
}
