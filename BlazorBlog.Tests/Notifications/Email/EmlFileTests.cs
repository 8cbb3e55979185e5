using System.Text;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email;

public sealed class EmlFileTests
{
    [Fact]
    public void What_was_composed_is_read_back()
    {
        var message = Mails.New() with { Subject = "Re: 안녕 👋", To = new Mailbox("jin@example.com", "진 Lee") };

        var mail = EmlFile.Parse(Mails.Octets(message));

        Assert.Equal("A Blog <blog@example.com>", mail.From);
        Assert.Equal("진 Lee <jin@example.com>", mail.To);
        Assert.Equal(message.Subject, mail.Subject);
        Assert.Equal(message.MessageId, mail.MessageId);
        Assert.Equal(message.Date, mail.Date);
    }

    [Fact]
    public void A_foreign_mail_is_read()
    {
        var mail = Parse(
            """
            Received: from x
             by y
            subject: =?EUC-KR?B?vsiz58fPvLy/5A==?= =?utf-8?q?caf=C3?= =?utf-8?q?=A9_x?=
            Date: 3 Feb 2021 08:33:00 +0000 (UTC)
            Content-Type: multipart/mixed; boundary=outer

            preamble
            --outer
            Content-Type: multipart/alternative; boundary="in ner"

            --in ner
            Content-Type: text/plain; charset=euc-kr
            Content-Transfer-Encoding: base64

            vsiz58fP
            vLy/5A==
            --in ner
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <p>caf=C3=A9 =
            au lait</p>
            --in ner--
            --outer
            Content-Type: text/plain
            Content-Disposition: attachment; filename=a.txt

            not the text
            --outer--
            """);

        Assert.Equal("from x by y", mail["Received"]);
        Assert.Equal("안녕하세요café x", mail.Subject);
        Assert.Equal(new DateTimeOffset(2021, 2, 3, 8, 33, 0, TimeSpan.Zero), mail.Date);
        Assert.Equal("안녕하세요", mail.Text);
        Assert.Equal("<p>café au lait</p>", mail.Html);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("just words", "just words")]
    [InlineData("Subject: x", "")]
    [InlineData("Subject: x\n\nbody", "body")]
    [InlineData("Content-Type: multipart/alternative\n\nno boundary", "no boundary")]
    [InlineData("Content-Type: multipart/alternative; boundary=b\n\nnever used", "never used")]
    [InlineData("Content-Type: multipart/alternative; boundary=b\n\n--b\n\ncut off", "cut off")]
    [InlineData("Content-Type: text/plain; charset=klingon\n\nä", "ä")]
    [InlineData("Content-Type: text/plain; charset=utf-7\n\na", "a")]
    [InlineData("Content-Transfer-Encoding: base64\n\n!!!a", "")]
    [InlineData("Content-Transfer-Encoding: quoted-printable\n\n=ZZ x", "=ZZ x")]
    [InlineData("Subject: =?utf-8?B?%%%?= =?x?Q?=?=\n\nbody", "body")]
    public void A_damaged_file_shows_what_it_has(string file, string text) => Assert.Equal(text, Parse(file).Text);

    [Fact]
    public void No_file_makes_it_throw()
    {
        var random = new Random(1);
        var whole = Mails.Octets(Mails.New() with { Subject = "안녕", Text = "가나다" });
        for (var i = 0; i < 2000; i++)
        {
            var damaged = whole.AsSpan(0, random.Next(whole.Length)).ToArray();
            for (var n = 0; n < 20 && damaged.Length > 0; n++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var mail = EmlFile.Parse(damaged);
            Assert.NotNull(mail.Text + mail.Html + mail.Subject + mail.Date);
        }
    }

    [Fact]
    public void Parts_within_parts_without_end_stop_somewhere()
    {
        var file = string.Concat(Enumerable.Repeat("Content-Type: multipart/mixed; boundary=b\n\n--b\n", 5000));

        Assert.NotNull(Parse(file).Text);
    }

    private static EmlFile Parse(string file) => EmlFile.Parse(Encoding.UTF8.GetBytes(file));
}
