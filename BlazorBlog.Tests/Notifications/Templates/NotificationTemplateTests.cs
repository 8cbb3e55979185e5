using BlazorBlog.Components;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Sms.Text;
using BlazorBlog.Support;
using Bunit;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;

namespace BlazorBlog.Notifications.Templates;

public sealed class NotificationTemplateTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public void A_mail_about_a_comment_says_who_wrote_what_where_and_leads_there()
    {
        using var reader = Reader("en");

        var mail = reader.Render<CommentEmail>(p => p.Add(x => x.Notification, Notification()));

        Assert.Contains("Ines commented on", mail.Markup, StringComparison.Ordinal);
        Assert.Contains("Tea &amp; biscuits", mail.Markup, StringComparison.Ordinal);
        Assert.Contains("<em>Lovely</em>", mail.Markup, StringComparison.Ordinal);
        Assert.Contains("March 14, 2026, 09:30", mail.Markup, StringComparison.Ordinal);
        var links = mail.FindAll("a").Select(link => link.GetAttribute("href")!).ToList();
        Assert.Contains("https://blog.example/posts/tea#comment-00000000-0000-0000-0000-000000000001", links);
        Assert.Contains(links, link => link.StartsWith("https://blog.example/notifications/", StringComparison.Ordinal) && link.EndsWith("/unsubscribe", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reply_says_that_it_answers_the_recipient()
    {
        using var reader = Reader("en");

        var mail = reader.Render<CommentEmail>(p => p.Add(x => x.Notification, Notification() with { IsReplyToRecipient = true }));

        Assert.Contains("Ines answered your comment on", mail.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", null)]
    [InlineData("ko", "en")]
    public void A_comment_in_another_language_than_the_mail_says_so(string mailIn, string? language)
    {
        using var reader = Reader(mailIn);

        var mail = reader.Render<CommentEmail>(p => p.Add(x => x.Notification, Notification()));

        Assert.Equal(language, mail.Find(".quote").GetAttribute("lang"));
    }

    [Fact]
    public void Mail_programs_get_inline_styles_one_column_and_nothing_that_runs_or_loads()
    {
        using var reader = Reader("en");

        var mail = reader.Render<CommentEmail>(p => p.Add(x => x.Notification, Notification()));

        Assert.Empty(mail.FindAll("script, link, img, iframe, form"));
        Assert.DoesNotContain("url(", mail.Find("style").TextContent, StringComparison.Ordinal);
        Assert.All(mail.FindAll("table"), table => Assert.Equal("presentation", table.GetAttribute("role")));
        Assert.Contains("max-width:560px", mail.Markup, StringComparison.Ordinal);
        Assert.Contains("name=\"color-scheme\" content=\"light dark\"", mail.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void What_people_typed_is_text_and_never_markup()
    {
        using var reader = Reader("en");
        var hostile = Notification() with
        {
            Comment = Notification().Comment with { AuthorName = "<script>alert(1)</script>" },
            Post = Notification().Post with { Title = "\"><img src=x onerror=alert(1)>" },
        };

        var mail = reader.Render<CommentEmail>(p => p.Add(x => x.Notification, hostile));

        Assert.Empty(mail.FindAll("script, img"));
        Assert.Contains("<script>alert(1)</script> commented on", mail.Find("td td").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void In_Korean_the_text_opens_with_the_moment_in_the_recipients_zone_and_the_words()
    {
        using var reader = Reader("ko");
        var notice = Notification() with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul") };

        var text = reader.Render<CommentText>(p => p.Add(x => x.Notification, notice)).Nodes[0].TextContent;

        Assert.StartsWith("2026.03.14 18:30에 *Lovely* tea, and biscuits 내용이 달렸네요.", text.TrimStart(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "March 14, 2026, 18:30")]
    [InlineData("ko", "2026년 3월 14일 18:30")]
    public void The_moment_is_written_as_the_recipients_language_writes_it(string language, string moment)
    {
        using var reader = Reader(language);
        var notice = Notification() with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul") };

        Assert.Contains(moment, reader.Render<CommentEmail>(p => p.Add(x => x.Notification, notice)).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_link_of_a_comment_says_its_whole_address()
    {
        using var reader = Reader("en");
        var notice = Notification() with { Comment = Notification().Comment with { Html = "<p><a href=\"#part\">a</a> <a href=\"/tags/tea\">b</a></p>" } };

        var mail = reader.Render<CommentEmail>(p => p.Add(x => x.Notification, notice));

        Assert.Equal(["https://blog.example/posts/tea#part", "https://blog.example/tags/tea"], mail.FindAll(".quote a").Select(link => link.GetAttribute("href")));
    }

    [Theory]
    [InlineData("Ines", "Ines commented on \"")]
    [InlineData("\u2800", "Someone commented on \"")]
    [InlineData("", "Someone commented on \"")]
    [InlineData("o\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "Someone commented on \"")]
    public void A_text_message_begins_with_a_name_or_with_somebody(string name, string opening)
    {
        using var reader = Reader("en");
        var renderer = new NotificationRenderer(
            new MailRenderer(reader.Services.GetRequiredService<IServiceScopeFactory>(), NullLoggerFactory.Instance),
            reader.Services.GetRequiredService<NotificationLinks>(),
            reader.Services.GetRequiredService<IStringLocalizer<Texts>>());

        var text = renderer.SmsText(Notification() with { Comment = Notification().Comment with { AuthorName = name } });

        Assert.StartsWith(opening, SmsSegments.Fit(text), StringComparison.Ordinal);
        Assert.StartsWith("Someone commented on \"", (text.Unnamed ?? text).Before, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ColorScheme.Light, "rgb(245, 242, 235)")]
    [InlineData(ColorScheme.Dark, "rgb(25, 24, 21)")]
    public async Task A_mail_has_colours_for_day_and_night_that_can_be_read(ColorScheme scheme, string paper)
    {
        using var reader = Reader("en");
        var notice = Notification() with { Comment = Notification().Comment with { Html = "<p>See <a href=\"https://a.example\">there</a>.</p>" } };
        var mail = reader.Render<CommentEmail>(p => p.Add(x => x.Notification, notice)).Markup;
        var page = await chromium.OpenAsync(new Uri("https://blog.example"));
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.SetContentAsync(mail);

        Assert.Equal(paper, await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        Assert.DoesNotContain(await page.ViolationsAsync(), violation => violation.StartsWith("color-contrast", StringComparison.Ordinal));
    }

    [Fact]
    public void The_question_to_confirm_an_address_has_one_button()
    {
        using var reader = Reader("en");

        var mail = reader.Render<ConfirmAddressEmail>(p => p.Add(x => x.Notification, Notification()));

        var button = Assert.Single(mail.FindAll("a"));
        Assert.Equal("Confirm my address", button.TextContent);
        Assert.EndsWith("/confirm", button.GetAttribute("href"), StringComparison.Ordinal);
    }

    private static ReaderContext Reader(string language)
    {
        var reader = new ReaderContext(language);
        var site = new SiteSettings { Title = "Small Hours", BaseUrl = new Uri("https://blog.example") };
        reader.Services.AddSingleton(site);
        reader.Services.AddSingleton(new NotificationLinks(new EphemeralDataProtectionProvider(), site));
        return reader;
    }

    private static CommentNotification Notification()
    {
        var id = Guid.Parse("00000000-0000-0000-0000-000000000001");
        var at = new DateTimeOffset(2026, 3, 14, 9, 30, 0, TimeSpan.Zero);
        var delivery = new Delivery
        {
            CommentId = id,
            Event = NotificationEvent.CommentPublished,
            RecipientKey = "email:minseo@example.com",
            Channel = NotificationChannel.Email,
            CreatedAt = at,
            DueAt = at,
        };
        return new CommentNotification(
            delivery, "minseo@example.com", "Minseo", SiteCulture.En, TimeZoneInfo.Utc, IsReplyToRecipient: false,
            new NotificationComment(id, ParentId: null, "Ines", "*Lovely* tea,\nand biscuits", "<p><em>Lovely</em> tea,<br />and biscuits</p>", at),
            new NotificationPost(Guid.CreateVersion7(), "tea", "Tea & biscuits"));
    }
}
