using System.Text;

namespace BlazorBlog.Notifications.Email.Smtp;

public sealed class SmtpReplyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task Replies_are_cut_where_they_end_however_they_come()
    {
        const string replies = "250-first\r\n250-PIPELINING\r\n250 last\r\n354\r\n250 2.0.0 진\n421 x\r\n";
        for (var size = 1; size <= replies.Length; size++)
        {
            var reader = new SmtpReplyReader();
            await using var stream = new Trickle(Encoding.UTF8.GetBytes(replies), size);

            Assert.Equal(new SmtpReply(250, "first\nPIPELINING\nlast"), await reader.ReadAsync(stream, Stop));
            Assert.Equal(new SmtpReply(354, ""), await reader.ReadAsync(stream, Stop));
            Assert.Equal(new SmtpReply(250, "2.0.0 진"), await reader.ReadAsync(stream, Stop));
            Assert.Equal(new SmtpReply(421, "x"), await reader.ReadAsync(stream, Stop));
            await Assert.ThrowsAsync<EndOfStreamException>(async () => await reader.ReadAsync(stream, Stop));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("\r\n")]
    [InlineData("25\r\n")]
    [InlineData("999 x\r\n")]
    [InlineData("250_x\r\n")]
    public async Task What_is_no_reply_is_not_taken_for_one(string text)
    {
        await using var stream = new MemoryStream(Encoding.ASCII.GetBytes(text));

        await Assert.ThrowsAsync<InvalidDataException>(async () => await new SmtpReplyReader().ReadAsync(stream, Stop));
    }

    [Fact]
    public async Task A_reply_without_end_is_not_read_for_ever()
    {
        await using var stream = new MemoryStream(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("250-again\r\n", 10_000))));

        await Assert.ThrowsAsync<InvalidDataException>(async () => await new SmtpReplyReader().ReadAsync(stream, Stop));
    }

    [Fact]
    public void Capabilities_are_read_in_any_case()
    {
        var capabilities = SmtpCapabilities.Parse(new SmtpReply(250, "mx.example pipelining\nPipelining\nsize 35882577\nAUTH=LOGIN plain\nAUTH XOAUTH2\n8bitmime\nSTARTTLS\nSMTPUTF8"));

        Assert.True(capabilities is { Pipelining: true, Size: true, MaxSize: 35882577, EightBitMime: true, StartTls: true, SmtpUtf8: true });
        Assert.Equal(["LOGIN", "PLAIN", "XOAUTH2"], capabilities.Auth.Order());
    }

    [Fact]
    public void The_first_line_is_the_servers_name() =>
        Assert.False(SmtpCapabilities.Parse(new SmtpReply(250, "PIPELINING\nSIZE 0")).Pipelining);

    /// <summary>Gives a few octets at a time, as a network may.</summary>
    private sealed class Trickle(byte[] content, int size) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
