using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Recipients;

public sealed class RecipientsTests
{
    [Fact]
    public async Task The_author_is_told_by_mail_and_SMS()
    {
        await using var blog = await TestBlog.StartAsync();
        var post = await blog.AddPostAsync("Slow coffee");
        using var mina = blog.Visitor();

        await mina.MustCommentAsync(post.Slug, "Lovely beans.");
        await blog.WaitUntilQuietAsync();

        var mail = Assert.Single(blog.Mails);
        Assert.Equal("jin@example.com", mail.To.Address);
        Assert.Contains("Slow coffee", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("Lovely beans.", mail.Text, StringComparison.Ordinal);
        var text = Assert.Single(blog.Texts);
        Assert.Equal("+821012345678", text.To);
        Assert.Contains("Mina", text.Text, StringComparison.Ordinal);
        await AssertLedgerAsync(blog, post, "user Email Accepted", "user Sms Accepted");
    }

    [Theory]
    [InlineData(true, true, "guest Email Accepted")]
    [InlineData(true, false, "guest Email NotSent Unverified")]
    [InlineData(false, true, "guest Email NotSent NotAsked")]
    [InlineData(false, false, "guest Email NotSent NotAsked")]
    public async Task An_answered_guest_is_told_only_if_asked_for_and_confirmed(bool ticked, bool confirmed, string expected)
    {
        await using var blog = await TestBlog.StartAsync();
        var post = await blog.AddPostAsync();
        var parent = await ImportAsync(blog, CommentBuilder.Comment(post, notifyReplies: ticked, guest: guest =>
        {
            guest.UseEmail("mina@example.com");
            if (confirmed)
            {
                guest.ConfirmEmail(post.CreatedAt);
            }
        }));

        await blog.ChangeAsync(db => db.Comments.Add(CommentBuilder.Comment(post, "An answer.", parent: parent)));
        await blog.WaitUntilQuietAsync();

        await AssertLedgerAsync(blog, post, expected, "user Email Accepted", "user Sms Accepted");
        Assert.Equal(ticked && confirmed, blog.Mails.Any(mail => mail.To.Address == "mina@example.com"));
    }

    [Fact]
    public async Task Nobody_is_told_of_their_own_comment()
    {
        await using var blog = await TestBlog.StartAsync();
        var post = await blog.AddPostAsync();

        await blog.ChangeAsync(db => db.Comments.Add(ByAuthor(blog, post)));
        await blog.WaitUntilQuietAsync();

        await AssertLedgerAsync(blog, post, "user Email NotSent OwnComment", "user Sms NotSent OwnComment");
        Assert.Empty(blog.Mails);
        Assert.Empty(blog.Texts);
    }

    [Fact]
    public async Task A_guest_who_answers_their_own_comment_is_not_told()
    {
        await using var blog = await TestBlog.StartAsync();
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var form = new Dictionary<string, string?> { ["Email"] = "mina@example.com", ["NotifyReplies"] = "true" };
        var parent = await mina.MustCommentAsync(post.Slug, "One.", form);
        await blog.ChangeAsync(async db => (await db.Guests.SingleAsync()).ConfirmEmail(post.CreatedAt));

        var own = await mina.MustCommentAsync(post.Slug, "Two.", new(form) { ["ParentId"] = parent.ToString() });
        await blog.WaitUntilQuietAsync();

        Assert.Contains(await blog.DeliveriesAsync(), delivery =>
            delivery.CommentId == own && delivery is { Event: NotificationEvent.CommentPublished, Reason: NotSentReason.OwnComment });
        Assert.DoesNotContain(blog.Mails, mail => mail.To.Address == "mina@example.com" && mail.Text.Contains("Two.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_types_the_authors_address_does_not_silence_the_author()
    {
        await using var blog = await TestBlog.StartAsync();
        var post = await blog.AddPostAsync();
        using var stranger = blog.Visitor("Jin Park");

        await stranger.MustCommentAsync(post.Slug, "I am you.", new() { ["Email"] = "jin@example.com" });
        await blog.WaitUntilQuietAsync();

        await AssertLedgerAsync(blog, post, "user Email Accepted", "user Sms Accepted");
    }

    [Fact]
    public async Task Default_recipients_get_every_comment_and_a_person_named_twice_gets_it_once()
    {
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Settings["Email:DefaultRecipients"] = "desk@example.com, JIN@Example.com";
            options.Settings["Sms:DefaultRecipients"] = "010-1234-5678,010-9999-0000";
        });
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();

        await mina.MustCommentAsync(post.Slug, "Hello all.");
        await blog.WaitUntilQuietAsync();

        await AssertLedgerAsync(blog, post, "email Email Accepted", "phone Sms Accepted", "user Email Accepted", "user Sms Accepted");
        Assert.Equal(["desk@example.com", "jin@example.com"], blog.Mails.Select(mail => mail.To.Address).Order());
        Assert.Equal(["+821012345678", "+821099990000"], blog.Texts.Select(text => text.To).Order());
        Assert.Contains(await blog.DeliveriesAsync(), delivery => delivery.RecipientKey == "phone:+821099990000");
    }

    [Fact]
    public async Task An_author_who_is_answered_gets_one_mail_and_one_SMS()
    {
        await using var blog = await TestBlog.StartAsync();
        var post = await blog.AddPostAsync();
        var parent = await ImportAsync(blog, ByAuthor(blog, post));

        await blog.ChangeAsync(db => db.Comments.Add(CommentBuilder.Comment(post, "An answer.", parent: parent)));
        await blog.WaitUntilQuietAsync();

        await AssertLedgerAsync(blog, post, "user Email Accepted", "user Sms Accepted");
    }

    [Fact]
    public async Task An_author_who_once_wrote_as_a_guest_is_one_person_with_mail_and_SMS()
    {
        await using var blog = await TestBlog.StartAsync();
        var post = await blog.AddPostAsync();
        var parent = await ImportAsync(blog, CommentBuilder.Comment(post, notifyReplies: true, guest: guest =>
        {
            guest.UseEmail("Jin@example.com");
            guest.ConfirmEmail(post.CreatedAt);
        }));

        await blog.ChangeAsync(db => db.Comments.Add(CommentBuilder.Comment(post, "An answer.", parent: parent)));
        await blog.WaitUntilQuietAsync();

        await AssertLedgerAsync(blog, post, "user Email Accepted", "user Sms Accepted");
        Assert.Single(blog.Mails);
        Assert.Single(blog.Texts);
    }

    [Fact]
    public async Task Everything_that_is_not_sent_says_why()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["Sms:DailyLimitPerRecipient"] = "1");
        var now = blog.Time.GetUtcNow();
        await blog.ChangeAsync(db => db.Suppressions.AddRange(
            Suppressed("out@example.com", SuppressionReason.OptedOut, now.AddYears(-1)),
            Suppressed("both@example.com", SuppressionReason.OptedOut, now),
            Suppressed("both@example.com", SuppressionReason.Undeliverable, now),
            Suppressed("gone@example.com", SuppressionReason.Undeliverable, now.AddDays(-89)),
            Suppressed("back@example.com", SuppressionReason.Undeliverable, now.AddDays(-91)),
            Suppressed("cross@example.com", SuppressionReason.Complaint, now.AddYears(-1))));
        (string Email, string? Phone, bool Confirmed, string[] Expected)[] authors =
        [
            ("out@example.com", null, true, ["user Email NotSent OptedOut", "user Sms NotSent NoAddress"]),
            ("both@example.com", null, true, ["user Email NotSent OptedOut", "user Sms NotSent NoAddress"]),
            ("gone@example.com", null, true, ["user Email NotSent Undeliverable", "user Sms NotSent NoAddress"]),
            ("back@example.com", null, true, ["user Email Accepted", "user Sms NotSent NoAddress"]),
            ("cross@example.com", null, true, ["user Email NotSent OptedOut", "user Sms NotSent NoAddress"]),
            ("new@example.com", "+821077770000", false, ["user Email NotSent Unverified", "user Sms NotSent Unverified"]),
            ("busy@example.com", "+821088880000", true, ["user Email Accepted", "user Email Accepted", "user Sms Accepted", "user Sms NotSent DailyLimit"]),
        ];
        foreach (var (email, phone, confirmed, expected) in authors)
        {
            var author = new BlogUser
            {
                UserName = email,
                NormalizedUserName = email.ToUpperInvariant(),
                DisplayName = email,
                Email = email,
                EmailConfirmed = confirmed,
                PhoneNumber = phone,
                PhoneNumberConfirmed = confirmed,
            };
            await blog.ChangeAsync(db => db.Users.Add(author));
            var post = new Post
            {
                Slug = email[..3],
                Title = email,
                Summary = "",
                Markdown = "",
                Html = "",
                AuthorId = author.Id,
                CreatedAt = blog.Time.GetUtcNow(),
                PublishedAt = blog.Time.GetUtcNow(),
            };
            await blog.ChangeAsync(db => db.Posts.Add(post));
            for (var i = 0; i < expected.Length / 2; i++)
            {
                await blog.ChangeAsync(db => db.Comments.Add(CommentBuilder.Comment(post)));
            }

            await blog.WaitUntilQuietAsync();
            await AssertLedgerAsync(blog, post, expected);
        }
    }

    [Fact]
    public async Task A_channel_that_is_off_says_so()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["Sms:Transport"] = "None");
        var post = await blog.AddPostAsync();

        await blog.ChangeAsync(db => db.Comments.Add(CommentBuilder.Comment(post)));
        await blog.WaitUntilQuietAsync();

        await AssertLedgerAsync(blog, post, "user Email Accepted", "user Sms NotSent ChannelOff");
    }

    [Fact]
    public async Task An_address_that_changed_before_the_notice_went_out_gets_nothing_unconfirmed()
    {
        var clock = FakeClock.Running();
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Time = clock;
            options.Settings["Notifications:HoldFor"] = "01:00:00";
        });
        var post = await blog.AddPostAsync();
        var parent = await ImportAsync(blog, CommentBuilder.Comment(post, notifyReplies: true, guest: guest =>
        {
            guest.UseEmail("mina@example.com");
            guest.ConfirmEmail(post.CreatedAt);
        }));
        await blog.ChangeAsync(db => db.Comments.Add(CommentBuilder.Comment(post, "An answer.", parent: parent)));
        await Eventually.WaitUntilAsync(async () => (await blog.DeliveriesAsync()).Count == 3, "the deliveries were planned");

        await blog.ChangeAsync(async db => (await db.Guests.SingleAsync(guest => guest.NormalizedEmail == "mina@example.com")).UseEmail("victim@example.com"));
        clock.Advance(TimeSpan.FromHours(2));
        await blog.WaitUntilQuietAsync();

        await AssertLedgerAsync(blog, post, "guest Email NotSent Unverified", "user Email Accepted", "user Sms Accepted");
    }

    private static async Task<Comment> ImportAsync(TestBlog blog, Comment comment)
    {
        await blog.ChangeAsync(db =>
        {
            db.IsImporting = true;
            db.Comments.Add(comment);
        });
        return comment;
    }

    private static Comment ByAuthor(TestBlog blog, Post post)
    {
        var comment = new Comment
        {
            PostId = post.Id,
            UserId = blog.Author.Id,
            AuthorName = blog.Author.DisplayName,
            Body = "Mine.",
            Html = "<p>Mine.</p>",
            CreatedAt = post.CreatedAt,
        };
        comment.Approve(1);
        return comment;
    }

    private static Suppression Suppressed(string address, SuppressionReason reason, DateTimeOffset now) =>
        Suppression.Of(address, NotificationChannel.Email, reason, now);

    /// <summary>Each delivery of a post's comments as "kind-of-recipient channel state [reason]".</summary>
    private static async Task AssertLedgerAsync(TestBlog blog, Post post, params string[] expected)
    {
        var rows = await blog.ReadAsync(db => db.Deliveries.AsNoTracking()
            .Where(delivery => delivery.Event == NotificationEvent.CommentPublished && db.Comments.Any(comment => comment.Id == delivery.CommentId && comment.PostId == post.Id))
            .ToListAsync());
        Assert.Equal(expected, rows.Select(row => $"{row.RecipientKey.Split(':')[0]} {row.Channel} {row.State} {row.Reason}".TrimEnd()).Order(StringComparer.Ordinal));
    }
}
