using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;
using Bunit;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Notifications.Templates;

public sealed class NotificationTemplateTests
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

    [Fact]
    public void Mail_programs_get_inline_styles_one_column_and_nothing_that_runs_or_loads()
    {
        using var reader = Reader("en");

        var mail = reader.Render<CommentEmail>(p => p.Add(x => x.Notification, Notification()));

        Assert.Empty(mail.FindAll("style, script, link, img, iframe, form"));
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
