using System.Net;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorBlog.Notifications.Templates;

/// <summary>Moderators hear of what waits, readers of what was approved.</summary>
public sealed class HeldCommentsTests
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(15);

    private readonly FakeClock _clock = FakeClock.Running();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_held_comment_the_author_and_the_default_recipients_are_told_at_once_by_mail_alone()
    {
        await using var blog = await StartAsync(options => options.Settings["Sms:DefaultRecipients"] = "010-9999-0000");
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();

        await mina.MustCommentAsync(post.Slug, "Let me in.");
        await blog.WaitUntilQuietAsync();

        Assert.Equal(["desk@example.com", "jin@example.com"], blog.Mails.Select(mail => mail.To.Address).Order());
        Assert.All(blog.Mails, mail => Assert.Contains("1 comment waits for approval", mail.Subject, StringComparison.Ordinal));
        Assert.Empty(blog.Texts);
        Assert.Equal(["CommentHeld Email Accepted", "CommentHeld Email Accepted"], (await blog.DeliveriesAsync()).Select(Line));
    }

    [Fact]
    public async Task While_many_wait_one_notice_is_pending_and_the_next_comes_a_quarter_of_an_hour_after_the_last()
    {
        await using var blog = await StartAsync();
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        await mina.MustCommentAsync(post.Slug, "One.");
        await blog.WaitUntilQuietAsync();
        var first = (await ToAuthorAsync(blog)).Single();

        await mina.MustCommentAsync(post.Slug, "Two.");
        await PlannedAsync(blog, 2);
        await mina.MustCommentAsync(post.Slug, "Three.");
        await PlannedAsync(blog, 3);
        var (second, third) = ((await ToAuthorAsync(blog))[1], (await ToAuthorAsync(blog))[2]);
        Assert.Equal((DeliveryState.Pending, first.FinishedAt + Between), (second.State, second.DueAt));
        Assert.Equal((DeliveryState.NotSent, NotSentReason.Coalesced), (third.State, third.Reason));
        Assert.Equal(2, blog.Mails.Count);

        _clock.Advance(Between);
        await blog.WaitUntilQuietAsync();

        Assert.Equal(4, blog.Mails.Count);
        var mail = blog.Mails.Last(mail => mail.To.Address == "jin@example.com");
        Assert.Contains("3 comments wait for approval", mail.Subject, StringComparison.Ordinal);
        Assert.All(["One.", "Two.", "Three."], words => Assert.Contains($"> {words}", mail.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_quiet_while_a_held_comment_is_told_at_once_again()
    {
        await using var blog = await StartAsync();
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        await mina.MustCommentAsync(post.Slug, "One.");
        await blog.WaitUntilQuietAsync();
        _clock.Advance(Between + TimeSpan.FromSeconds(1));

        await mina.MustCommentAsync(post.Slug, "Two.");
        await blog.WaitUntilQuietAsync();

        Assert.Equal([DeliveryState.Accepted, DeliveryState.Accepted], (await ToAuthorAsync(blog)).Select(delivery => delivery.State));
    }

    [Fact]
    public async Task A_comment_that_is_held_again_is_told_again_and_joins_what_waits()
    {
        await using var blog = await StartAsync(options =>
        {
            options.Settings["Email:DefaultRecipients"] = "";
            options.Settings["Comments:EditWindow"] = "01:00:00";
        });
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var id = await mina.MustCommentAsync(post.Slug, "Harmless.");
        await blog.WaitUntilQuietAsync();
        Assert.True(await blog.ModerateAsync(service => service.ApproveAsync(id, Cancel)));
        await blog.WaitUntilQuietAsync();
        _clock.Advance(Between + TimeSpan.FromSeconds(1));

        await EditAsync("Not harmless.");
        await blog.WaitUntilQuietAsync();

        Assert.Equal([DeliveryState.Accepted, DeliveryState.Accepted], (await ToAuthorAsync(blog)).Select(delivery => delivery.State));
        Assert.Contains("> Not harmless.", blog.Mails[^1].Text, StringComparison.Ordinal);

        Assert.True(await blog.ModerateAsync(service => service.ApproveAsync(id, Cancel)));
        await EditAsync("Even less.");
        await PlannedAsync(blog, 3);
        await mina.MustCommentAsync(post.Slug, "Another one.");
        await PlannedAsync(blog, 4);
        _clock.Advance(Between);
        await blog.WaitUntilQuietAsync();

        Assert.Equal(
            ["CommentHeld Email Accepted", "CommentHeld Email Accepted", "CommentHeld Email Accepted", "CommentHeld Email NotSent Coalesced"],
            (await ToAuthorAsync(blog)).Select(Line));
        Assert.All(["> Even less.", "> Another one."], words => Assert.Contains(words, blog.Mails[^1].Text, StringComparison.Ordinal));

        async Task EditAsync(string body)
        {
            using var response = await mina.PostAsync($"/posts/{post.Slug}/comments/{id}/edit", new FormUrlEncodedContent([new("Body", body)]));
            Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        }
    }

    [Fact]
    public async Task What_is_held_while_a_mail_server_is_slow_coalesces_as_well()
    {
        var transport = new ScriptedEmailTransport();
        var answer = new TaskCompletionSource<SendResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
        transport.Answer = (_, _) => answer.Task;
        await using var blog = await StartAsync(options =>
        {
            options.Settings["Email:DefaultRecipients"] = "";
            options.Services = services => services.Replace(ServiceDescriptor.Singleton<IEmailTransport>(transport));
        });
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        await mina.MustCommentAsync(post.Slug, "One.");
        await Eventually.WaitUntilAsync(() => transport.Sent.Count == 1, "the first mail is being sent");

        for (var i = 2; i <= 4; i++)
        {
            await mina.MustCommentAsync(post.Slug, $"{i}.");
            await PlannedAsync(blog, i);
        }

        answer.SetResult(null);
        await Eventually.WaitUntilAsync(async () => (await ToAuthorAsync(blog))[0].State == DeliveryState.Accepted, "the first mail was sent");
        _clock.Advance(Between);
        await blog.WaitUntilQuietAsync();

        Assert.Equal(
            ["CommentHeld Email Accepted", "CommentHeld Email Accepted", "CommentHeld Email NotSent Coalesced", "CommentHeld Email NotSent Coalesced"],
            (await ToAuthorAsync(blog)).Select(Line));
        Assert.Equal(2, transport.Sent.Count);
        Assert.Contains("> 4.", transport.Sent[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SiteCulture.En, "2 comments wait for approval", "a blocked word", "many links")]
    [InlineData(SiteCulture.Ko, "댓글 2개가 승인을 기다려요", "막아 둔 낱말이 있어요", "링크가 많아요")]
    public async Task The_notice_lists_all_that_wait_with_the_reason_of_each(SiteCulture culture, string subject, params string[] reasons)
    {
        await using var blog = await StartAsync(options =>
        {
            options.Settings["Comments:Moderation"] = "None";
            options.Settings["Comments:BlockedWords"] = "casino";
            options.Settings["Comments:MaxLinks"] = "0";
            options.Settings["Notifications:PollInterval"] = "01:00:00";
            options.Dispatches = false;
        });
        var post = await blog.AddPostAsync();
        await blog.ChangeAsync(async db => (await db.Users.SingleAsync()).Culture = culture);
        using var mina = blog.Visitor();
        using var joon = blog.Visitor("Joon");
        var held = await mina.MustCommentAsync(post.Slug, "The best casino.");
        await joon.MustCommentAsync(post.Slug, "See https://site.example");
        await joon.MustCommentAsync(post.Slug, "Visible at once.");

        var mail = await RenderAsync(blog, held);

        Assert.Contains(subject, mail.Subject, StringComparison.Ordinal);
        Assert.All((string[])[mail.Text, WebUtility.HtmlDecode(mail.Html)], text =>
        {
            Assert.All((string[])["Mina", "The best casino.", "Joon", "https://site.example", "Slow coffee", .. reasons], part => Assert.Contains(part, text, StringComparison.Ordinal));
            Assert.DoesNotContain("Visible at once.", text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("Comments:Moderation", "All", HoldReason.EveryComment, "every comment waits")]
    [InlineData("Comments:Moderation", "FirstComment", HoldReason.FirstComment, "first comment of its writer")]
    public async Task The_notice_says_that_the_owner_wants_comments_to_wait(string key, string value, HoldReason reason, string words)
    {
        await using var blog = await StartAsync(options => options.Settings[key] = value);
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();

        await mina.MustCommentAsync(post.Slug, "Hello.");
        await blog.WaitUntilQuietAsync();

        Assert.Equal(reason, Assert.Single(await blog.CommentsAsync()).HoldReason);
        Assert.All(blog.Mails, mail => Assert.Contains(words, mail.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_flood_the_newest_ten_are_shown_and_the_rest_is_counted()
    {
        await using var blog = await StartAsync(options => options.Dispatches = false);
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        List<Guid> held = [];
        for (var i = 1; i <= 13; i++)
        {
            held.Add(await mina.MustCommentAsync(post.Slug, $"Number {i}."));
        }

        var mail = await RenderAsync(blog, held[0]);

        Assert.Contains("13 comments wait for approval", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("Number 4.", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Number 3.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("And 3 more.", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve")]
    [InlineData("spam")]
    [InlineData("remove")]
    public async Task When_nothing_waits_any_more_the_notice_is_not_sent(string action)
    {
        await using var blog = await StartAsync();
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var first = await mina.MustCommentAsync(post.Slug, "One.");
        await blog.WaitUntilQuietAsync();
        var second = await mina.MustCommentAsync(post.Slug, "Two.");
        await PlannedAsync(blog, 2);
        var mails = blog.Mails.Count;

        foreach (var id in new[] { first, second })
        {
            Assert.True(await blog.ModerateAsync(service => action switch
            {
                "approve" => service.ApproveAsync(id, Cancel),
                "spam" => service.MarkAsSpamAsync(id, Cancel),
                _ => service.RemoveAsync(id, Cancel),
            }));
        }

        // A mail that were still on its way when the clock jumps would outlive its lease.
        await Eventually.WaitUntilAsync(
            () => blog.ReadAsync(async db => !await db.OutboxMessages.AnyAsync(message => message.ProcessedAt == null)
                && !await db.Deliveries.AnyAsync(delivery => delivery.State == DeliveryState.Pending && delivery.Event != NotificationEvent.CommentHeld)),
            "what came of the moderator's doing was told");
        _clock.Advance(Between);
        await blog.WaitUntilQuietAsync();

        var pending = (await ToAuthorAsync(blog)).Single(delivery => delivery.CommentId == second);
        Assert.Equal((DeliveryState.NotSent, NotSentReason.NothingWaits), (pending.State, pending.Reason));
        Assert.DoesNotContain(blog.Mails.Skip(mails), mail => mail.Subject.Contains("approval", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_comment_that_is_settled_before_anybody_was_told_needs_no_notice()
    {
        var folder = Directory.CreateTempSubdirectory("blog-waiting-");
        try
        {
            await using (var before = await StartAsync(options => (options.Folder, options.Dispatches) = (folder.FullName, false)))
            {
                var post = await before.AddPostAsync();
                using var mina = before.Visitor();
                var id = await mina.MustCommentAsync(post.Slug, "One.");
                Assert.True(await before.ModerateAsync(service => service.MarkAsSpamAsync(id, Cancel)));
            }

            await using var blog = await StartAsync(options => options.Folder = folder.FullName);
            await blog.WaitUntilQuietAsync();

            Assert.All(await blog.DeliveriesAsync(), delivery => Assert.Equal("CommentHeld Email NotSent NothingWaits", Line(delivery)));
            Assert.Empty(blog.Mails);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Readers_are_told_only_once_a_comment_is_approved_and_never_twice()
    {
        await using var blog = await StartAsync();
        var post = await blog.AddPostAsync();
        var parent = CommentBuilder.Comment(post, notifyReplies: true, guest: guest =>
        {
            guest.UseEmail("ines@example.com");
            guest.ConfirmEmail(post.CreatedAt);
        });
        await blog.ChangeAsync(db =>
        {
            db.IsImporting = true;
            db.Comments.Add(parent);
        });
        using var mina = blog.Visitor();
        var id = await mina.MustCommentAsync(post.Slug, "An answer.", new() { ["ParentId"] = parent.Id.ToString() });
        await blog.WaitUntilQuietAsync();
        Assert.DoesNotContain(blog.Mails, mail => mail.To.Address == "ines@example.com");
        Assert.DoesNotContain(await blog.DeliveriesAsync(), delivery => delivery.Event == NotificationEvent.CommentPublished);

        Assert.True(await blog.ModerateAsync(service => service.ApproveAsync(id, Cancel)));
        await blog.WaitUntilQuietAsync();
        Assert.True(await blog.ModerateAsync(service => service.HideAsync(id, Cancel)));
        Assert.True(await blog.ModerateAsync(service => service.ApproveAsync(id, Cancel)));
        await blog.WaitUntilQuietAsync();

        Assert.Contains("An answer.", Assert.Single(blog.Mails, mail => mail.To.Address == "ines@example.com").Text, StringComparison.Ordinal);
        Assert.Single(blog.Texts);
        Assert.Equal(2, (await blog.ReadAsync(db => db.OutboxMessages.ToListAsync())).Count);
    }

    [Theory]
    [InlineData("hide")]
    [InlineData("spam")]
    [InlineData("hold")]
    public async Task What_is_taken_out_of_sight_before_its_notices_go_out_withdraws_them(string action)
    {
        await using var blog = await StartAsync(options =>
        {
            options.Settings["Comments:Moderation"] = "None";
            options.Settings["Notifications:HoldFor"] = "01:00:00";
        });
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var id = await mina.MustCommentAsync(post.Slug, "Buy this.");
        await Eventually.WaitUntilAsync(async () => (await blog.DeliveriesAsync()).Count == 3, "the notices were planned");

        Assert.True(await blog.ModerateAsync(service => action switch
        {
            "hide" => service.HideAsync(id, Cancel),
            "spam" => service.MarkAsSpamAsync(id, Cancel),
            _ => service.HoldAsync(id, Cancel),
        }));
        _clock.Advance(TimeSpan.FromHours(2));
        await blog.WaitUntilQuietAsync();

        Assert.All(await blog.DeliveriesAsync(), delivery => Assert.Equal((DeliveryState.NotSent, NotSentReason.Removed), (delivery.State, delivery.Reason)));
        Assert.Empty(blog.Mails);
        Assert.Empty(blog.Texts);
    }

    [Fact]
    public async Task The_author_of_a_post_is_not_told_what_waits_under_the_posts_of_others()
    {
        await using var blog = await StartAsync(options => options.Settings["Email:DefaultRecipients"] = "");
        var others = await AddForeignPostAsync(blog);
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        await mina.MustCommentAsync(others.Slug, "Over there.");
        await blog.WaitUntilQuietAsync();

        await mina.MustCommentAsync(post.Slug, "Over here.");
        await blog.WaitUntilQuietAsync();

        var mail = Assert.Single(blog.Mails, mail => mail.To.Address == "jin@example.com");
        Assert.Contains("1 comment waits", mail.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("Over there.", mail.Text, StringComparison.Ordinal);
    }

    private static string Line(Delivery delivery) => $"{delivery.Event} {delivery.Channel} {delivery.State} {delivery.Reason}".TrimEnd();

    private static async Task<List<Delivery>> ToAuthorAsync(TestBlog blog) =>
        [.. (await blog.DeliveriesAsync()).Where(delivery => delivery.RecipientKey == $"user:{blog.Author.Id}" && delivery.Event == NotificationEvent.CommentHeld)];

    private static Task PlannedAsync(TestBlog blog, int count) =>
        Eventually.WaitUntilAsync(async () => (await ToAuthorAsync(blog)).Count == count, $"the notice of comment {count} was planned");

    /// <summary>The mail as the author would get it now.</summary>
    private static async Task<RenderedEmail> RenderAsync(TestBlog blog, Guid commentId)
    {
        var delivery = new Delivery
        {
            CommentId = commentId,
            Event = NotificationEvent.CommentHeld,
            RecipientKey = $"user:{blog.Author.Id}",
            Channel = NotificationChannel.Email,
            CreatedAt = FakeClock.Start,
            DueAt = FakeClock.Start,
        };
        var reading = Assert.Single(await blog.Services.GetRequiredService<NotificationLoader>().ReadAsync([delivery], Cancel));
        return await blog.Services.GetRequiredService<NotificationRenderer>().RenderEmailAsync((CommentNotification)reading.Notification!);
    }

    private static async Task<Post> AddForeignPostAsync(TestBlog blog)
    {
        var author = new Accounts.BlogUser
        {
            UserName = "ada",
            NormalizedUserName = "ADA",
            DisplayName = "Ada",
            Email = "ada@example.com",
            EmailConfirmed = true,
        };
        await blog.ChangeAsync(db => db.Users.Add(author));
        var post = await blog.AddPostAsync("Fast tea");
        await blog.ChangeAsync(async db => db.Entry(await db.Posts.SingleAsync(row => row.Id == post.Id)).Property(row => row.AuthorId).CurrentValue = author.Id);
        return post;
    }

    private Task<TestBlog> StartAsync(Action<TestBlogOptions>? configure = null) => TestBlog.StartAsync(options =>
    {
        options.Time = _clock;
        options.Settings["Comments:Moderation"] = "All";
        options.Settings["Email:DefaultRecipients"] = "desk@example.com";
        configure?.Invoke(options);
    });
}
