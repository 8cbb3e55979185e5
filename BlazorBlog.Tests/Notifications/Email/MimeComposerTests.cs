using System.Text;
using BlazorBlog.Support;
using MimeKit.Utils;

namespace BlazorBlog.Notifications.Email;

public sealed class MimeComposerTests
{
    [Fact]
    public void A_mail_carries_the_headers_of_a_notice()
    {
        var mail = EmlFile.Parse(Mails.Octets(Full()));

        Assert.Equal(
            [
                "Auto-Submitted: auto-generated",
                "Date: Mon, 23 Nov 2026 09:30:00 +0900",
                "Feedback-ID: comment:blog:email:blog",
                "From: 블로그 <blog@example.com>",
                "In-Reply-To: <c1.email@blog.example>",
                "List-Id: Comments on First post <post-12.blog.example>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
                "List-Unsubscribe: <https://blog.example/notifications/abc/unsubscribe>",
                "Message-ID: <c2.email@blog.example>",
                "MIME-Version: 1.0",
                "References: <post-12@blog.example> <c1.email@blog.example>",
                "Subject: 첫 글 글에 댓글이 달렸습니다.",
                "To: Jin <jin@example.com>",
                "X-Auto-Response-Suppress: All",
            ],
            mail.Headers.Where(header => header.Name != "Content-Type").Select(header => $"{header.Name}: {header.Value}").Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void Text_comes_before_html_and_both_survive_the_way()
    {
        var message = Full();

        var raw = Encoding.ASCII.GetString(Mails.Octets(message));
        var mail = EmlFile.Parse(Encoding.ASCII.GetBytes(raw));

        Assert.StartsWith("multipart/alternative", mail["Content-Type"], StringComparison.Ordinal);
        Assert.True(raw.IndexOf("text/plain; charset=utf-8", StringComparison.Ordinal) < raw.IndexOf("text/html; charset=utf-8", StringComparison.Ordinal));
        Assert.Equal(message.Text, mail.Text);
        Assert.Equal(message.Html, mail.Html);
    }

    [Fact]
    public void The_same_message_makes_the_same_octets() =>
        Assert.Equal(Mails.Octets(Full()), Mails.Octets(Full()));

    [Fact]
    public void One_click_is_promised_only_over_https()
    {
        var mail = EmlFile.Parse(Mails.Octets(Full() with { Unsubscribe = new Uri("http://localhost:5080/u/1") }));

        Assert.Equal("<http://localhost:5080/u/1>", mail["List-Unsubscribe"]);
        Assert.Null(mail["List-Unsubscribe-Post"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".\n..\n.\r\nFrom here\n")]
    [InlineData("tail blanks   \nand\ttabs\t\n = and =3D")]
    [InlineData("한국어와 emoji 👩‍👩‍👧‍👦 and עברית")]
    [InlineData("\0\a control \u007f")]
    public void Any_text_arrives_as_it_was(string text)
    {
        var mail = EmlFile.Parse(Mails.Octets(Mails.New() with { Text = text, Html = text }));

        Assert.Equal(text.ReplaceLineEndings("\n"), mail.Text);
        Assert.Equal(text.ReplaceLineEndings("\n"), mail.Html);
    }

    [Fact]
    public void Body_lines_are_never_longer_than_76()
    {
        var message = Mails.New() with { Text = new string('x', 5000), Html = string.Concat(Enumerable.Repeat("한국어 👋 ", 2000)) };

        var body = Encoding.ASCII.GetString(Mails.Octets(message)).Split("\r\n\r\n", 2)[1];

        Assert.All(body.Split("\r\n"), line => Assert.InRange(line.Length, 0, 76));
    }

    [Fact]
    public void A_long_subject_is_folded_into_whole_characters_of_short_words()
    {
        var subject = string.Concat(Enumerable.Repeat("가나다 👩‍🚀 ab ", 60)).Trim();

        var raw = Encoding.ASCII.GetString(Mails.Octets(Mails.New() with { Subject = subject }));
        var header = raw[raw.IndexOf("Subject:", StringComparison.Ordinal)..raw.IndexOf("Message-Id:", StringComparison.Ordinal)];
        var words = header["Subject:".Length..].Split("\r\n ", StringSplitOptions.TrimEntries);
        var decoded = words.Select(word => Rfc2047.DecodeText(Encoding.ASCII.GetBytes(word))).ToList();

        Assert.All(header.Split("\r\n"), line => Assert.InRange(line.Length, 0, 90));
        Assert.DoesNotContain('\uFFFD', string.Concat(decoded));
        Assert.Equal(subject, EmlFile.Parse(Encoding.ASCII.GetBytes(raw)).Subject);
    }

    [Fact]
    public void What_looks_like_an_encoded_word_is_shown_as_it_was_written()
    {
        const string looks = "=?utf-8?B?7JWI64WV?=";

        var mail = EmlFile.Parse(Mails.Octets(Mails.New() with { Subject = looks, To = new Mailbox("jin@example.com", looks) }));

        Assert.DoesNotContain("안녕", mail.Subject + mail.To, StringComparison.Ordinal);
        Assert.Contains("utf-8?B?7JWI64WV?=", mail.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_can_end_its_part()
    {
        var message = Mails.New();
        var boundary = EmlFile.Parse(Mails.Octets(message))["Content-Type"]!.Split("boundary=")[1].Trim('"');
        var text = $"before\n--{boundary}\nContent-Type: text/html\n\n<b>not ours</b>\n--{boundary}--\nafter";

        var mail = EmlFile.Parse(Mails.Octets(message with { Text = text }));

        Assert.Equal((text, message.Html), (mail.Text, mail.Html));
    }

    [Fact]
    public void A_name_with_signs_of_its_own_is_quoted()
    {
        var raw = Encoding.ASCII.GetString(Mails.Octets(Mails.New() with { To = new Mailbox("jin@example.com", "Jin, \"J\" <x@y>") }));

        Assert.Contains("\r\nTo: \"Jin, \\\"J\\\" <x@y>\" <jin@example.com>\r\n", raw, StringComparison.Ordinal);
    }

    [Fact]
    public void A_domain_in_another_script_is_written_in_punycode()
    {
        var raw = Encoding.ASCII.GetString(Mails.Octets(Mails.New("jin@도메인.한국")));

        Assert.Contains("<jin@xn--hq1bm8jm9l.xn--3e0b707e>", raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blog@[127.0.0.1]")]
    [InlineData("blog@[IPv6:::1]")]
    [InlineData("root@mail")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@example.com")]
    [InlineData("jin@a-b.c--d.example")]
    public void Every_address_that_is_one_can_be_written(string address)
    {
        var raw = Encoding.ASCII.GetString(Mails.Octets(Mails.New(address) with { From = new Mailbox(address) }));

        Assert.Contains($"\r\nTo: Jin <{address}>\r\n", raw, StringComparison.Ordinal);
        Assert.Contains($"From: {address}\r\n", raw, StringComparison.Ordinal);
    }

    [Fact]
    public void A_local_part_in_another_script_is_written_in_utf8()
    {
        var raw = Encoding.UTF8.GetString(Mails.Octets(Mails.New("진@example.com")));

        Assert.Contains("<진@example.com>", raw, StringComparison.Ordinal);
    }

    private static EmailMessage Full() => Mails.New() with
    {
        From = new Mailbox("blog@example.com", "블로그"),
        Subject = "첫 글 글에 댓글이 달렸습니다.",
        Text = "2026.11.23 09:30에 안녕 내용이 달렸네요.",
        Html = "<p style=\"color:#333\">안녕</p>",
        MessageId = "c2.email@blog.example",
        References = ["post-12@blog.example", "c1.email@blog.example"],
        ListId = "post-12.blog.example",
        ListName = "Comments on First post",
        Unsubscribe = new Uri("https://blog.example/notifications/abc/unsubscribe"),
        FeedbackId = "comment:blog:email:blog",
    };
}
