using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Sms;
using BlazorBlog.Notifications.Sms.Text;
using BlazorBlog.Support;

namespace BlazorBlog.DevMailbox;

public sealed class MailboxTests(QuietBlog blog) : IClassFixture<QuietBlog>
{
    /// <summary>So long ago that its age is shown as a date and does not change while a test looks.</summary>
    private static readonly DateTimeOffset LongAgo = new(2020, 5, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_mail_is_listed_with_its_recipient_subject_text_and_headers()
    {
        await SendAsync(Mails.New() with { To = new Mailbox("yuna@example.com", "유나"), Subject = "새 댓글 💌", Text = "Read it: https://blog.example/posts/a-b?c=1&d=2." });

        var article = Article(await OpenAsync(), "새 댓글 💌");

        Assert.Equal("유나 <yuna@example.com>", Fact(article, "To"));
        Assert.Equal("새 댓글 💌", Fact(article, "Subject"));
        Assert.Equal("No delivery record", article.QuerySelector(".state")!.TextContent);
        var link = article.QuerySelector(".text a")!;
        Assert.Equal("https://blog.example/posts/a-b?c=1&d=2", link.GetAttribute("href"));
        Assert.Equal("auto-generated", Fact(article, "Auto-Submitted"));
    }

    [Fact]
    public async Task An_sms_is_listed_with_its_text_and_size()
    {
        await SendSmsAsync("+821012345678", "Mina commented on \"Tea\": https://blog.example/c/1");

        var article = Article(await OpenAsync(), "Mina commented on \"Tea\"");

        Assert.Equal("+821012345678", Fact(article, "To"));
        Assert.Equal("https://blog.example/c/1", article.QuerySelector(".text a")!.GetAttribute("href"));
        Assert.Equal("GSM-7: 49 septets, segments: 1", article.QuerySelector(".size")!.TextContent);
    }

    [Fact]
    public async Task The_newest_message_stands_first_whatever_its_channel()
    {
        await SendAsync(Mails.New() with { Subject = "In the middle", Date = LongAgo.AddMinutes(1) });
        await SendSmsAsync("+821012345678", "In the middle, first", LongAgo);
        await SendSmsAsync("+821012345678", "In the middle, last", LongAgo.AddMinutes(2));

        var page = await OpenAsync("?q=in+the+MIDDLE");

        Assert.Equal(["In the middle, last", "In the middle", "In the middle, first"], page.QuerySelectorAll("article").Select(article => Fact(article, "Subject")));
    }

    [Fact]
    public async Task A_channel_can_be_shown_alone()
    {
        await SendAsync(Mails.New() with { Subject = "One of two" });
        await SendSmsAsync("+821012345678", "Two of two");

        Assert.Equal("One of two", Fact(Assert.Single((await OpenAsync("?show=mail&q=of+two")).QuerySelectorAll("article")), "Subject"));
        Assert.Equal("Two of two", Fact(Assert.Single((await OpenAsync("?show=sms&q=of+two")).QuerySelectorAll("article")), "Subject"));
        Assert.Empty((await OpenAsync("?q=there+is+no+such+mail")).QuerySelectorAll("article"));
    }

    [Fact]
    public async Task A_full_mailbox_has_pages_that_keep_what_was_searched_for()
    {
        for (var number = 1; number <= 51; number++)
        {
            await SendSmsAsync("+821012345678", $"Leaf {number} of the pile", LongAgo.AddMinutes(number));
        }

        var first = await OpenAsync("?show=sms&q=of+the+pile");
        var second = await OpenAsync(first.QuerySelector("a[rel=next]")!.GetAttribute("href")!.Split("/dev/mailbox")[1]);

        Assert.Equal(50, first.QuerySelectorAll("article").Length);
        Assert.Null(first.QuerySelector("a[rel=prev]"));
        Assert.Equal("Leaf 1 of the pile", Fact(Assert.Single(second.QuerySelectorAll("article")), "Subject"));
        Assert.Null(second.QuerySelector("a[rel=next]"));
        Assert.Equal("/dev/mailbox?show=sms&q=of%20the%20pile", second.QuerySelector("a[rel=prev]")!.GetAttribute("href"));
    }

    [Fact]
    public async Task The_raw_text_is_the_file_octet_by_octet()
    {
        var name = await SendAsync(Mails.New() with { Subject = "To the letter" });

        var link = Article(await OpenAsync(), "To the letter").QuerySelector("header a")!.GetAttribute("href")!;
        using var answer = await GetAsync(link);

        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(blog.Outbox, name), Cancellation), await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task The_html_is_shown_in_a_sandbox_that_allows_nothing_and_its_links_stand_below()
    {
        await SendAsync(Mails.New() with { Subject = "Dressed up", Html = "<p><a href='https://blog.example/x?a=1&amp;b=2'>Read <b>it</b></a></p><script>alert(1)</script>" });

        var article = Article(await OpenAsync(), "Dressed up");
        var frame = article.QuerySelector("iframe")!;
        using var preview = await GetAsync(frame.GetAttribute("src")!);

        Assert.Equal("", frame.GetAttribute("sandbox"));
        Assert.Equal(
            "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https:; sandbox; frame-ancestors 'self'",
            Assert.Single(preview.Headers.GetValues("Content-Security-Policy")));
        Assert.Contains("<b>it</b>", await preview.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        var link = article.QuerySelector(".links a")!;
        Assert.Equal(("Read it", "https://blog.example/x?a=1&b=2"), (link.TextContent, link.GetAttribute("href")));
    }

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("..\\secret.txt")]
    [InlineData("notes.md")]
    [InlineData("/etc/hostname")]
    [InlineData("..")]
    public async Task Nothing_but_the_messages_can_be_opened(string name)
    {
        await File.WriteAllTextAsync(Path.Combine(blog.Outbox, "..", "secret.txt"), "Nobody's business.", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(blog.Outbox, "notes.md"), "Nobody's business.", Cancellation);

        foreach (var escaped in new[] { Uri.EscapeDataString(name), Uri.EscapeDataString(Uri.EscapeDataString(name)) })
        {
            using var raw = await GetAsync($"/dev/mailbox/{escaped}/raw");
            using var preview = await GetAsync($"/dev/mailbox/{escaped}/preview");

            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (raw.StatusCode, preview.StatusCode));
        }
    }

    [Theory]
    [InlineData("empty.eml", "")]
    [InlineData("torn.eml", "Subject: =?utf-8?B?!!?=\r\nContent-Type: multipart/alternative; boundary=\"x\"\r\n\r\n--x\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%")]
    [InlineData("noise one.eml", "\u0000\u0001\ud800\u0007 <b>&\r\n\r\n\r\n")]
    [InlineData("empty.txt", "")]
    [InlineData("noise.txt", "To\u0000: ::\n\n\n<script>alert(1)</script>")]
    public async Task A_damaged_file_is_shown_as_far_as_it_goes(string name, string content)
    {
        await File.WriteAllTextAsync(Path.Combine(blog.Outbox, name), content, Cancellation);

        var page = await OpenAsync();
        using var raw = await GetAsync($"/dev/mailbox/{Uri.EscapeDataString(name)}/raw");

        Assert.Contains(page.QuerySelectorAll("article"), article => article.GetAttribute("data-key") == name);
        Assert.Empty(page.QuerySelectorAll("main script"));
        Assert.Equal(HttpStatusCode.OK, raw.StatusCode);
    }

    [Fact]
    public async Task The_list_is_sent_again_only_when_it_changed()
    {
        await SendAsync(Mails.New() with { Subject = "Counting sheep: 1", Date = LongAgo });
        using var first = await GetAsync("/dev/mailbox/list?q=sheep");

        using var again = await GetAsync("/dev/mailbox/list?q=sheep", first.Headers.ETag);
        await SendAsync(Mails.New() with { Subject = "Counting sheep: 2", Date = LongAgo });
        using var changed = await GetAsync("/dev/mailbox/list?q=sheep", first.Headers.ETag);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Contains("Counting sheep: 2", await changed.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_when_messages_go_elsewhere()
    {
        var page = await OpenAsync();

        Assert.Equal(
            ["Mail does not arrive here: Email:Transport is not File.", "SMS do not arrive here: Sms:Transport is not File."],
            page.QuerySelectorAll(".notice").Select(notice => notice.TextContent.Trim()));
    }

    [Fact]
    public async Task Outside_development_there_is_no_mailbox()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.File("outbox"));
        await using var site = await TestBlog.StartAsync(options =>
        {
            options.Settings["Email:Transport"] = "File";
            options.Settings["Email:Directory"] = directory.File("outbox");
        });
        using var visitor = site.Visitor();
        await File.WriteAllTextAsync(directory.File("outbox/a.eml"), "Subject: Private\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>", Cancellation);

        foreach (var path in new[] { "/dev/mailbox", "/dev/mailbox/list", "/dev/mailbox/a.eml/raw", "/dev/mailbox/a.eml/preview" })
        {
            using var answer = await visitor.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <returns>The name of its file.</returns>
    private async Task<string> SendAsync(EmailMessage mail) => (await new FileEmailTransport(blog.Outbox).SendAsync(mail, Cancellation)).ProviderId!;

    private Task SendSmsAsync(string to, string text, DateTimeOffset? at = null)
    {
        var id = Guid.CreateVersion7();
        var sms = new SmsFile(at ?? LongAgo, id, to, SmsSegments.Measure(text), text);
        return File.WriteAllTextAsync(Path.Combine(blog.Outbox, id + SmsFile.Extension), sms.ToString(), Cancellation);
    }

    private async Task<IDocument> OpenAsync(string query = "")
    {
        using var answer = await GetAsync("/dev/mailbox" + query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task<HttpResponseMessage> GetAsync(string address, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await blog.Http.SendAsync(request, Cancellation);
    }

    private static IElement Article(IDocument page, string name) => Assert.Single(page.QuerySelectorAll("article"), article => article.GetAttribute("aria-label") == name);

    private static string Fact(IElement article, string name) =>
        article.QuerySelectorAll("dt").First(term => term.TextContent == name).NextElementSibling!.TextContent.Trim();
}
