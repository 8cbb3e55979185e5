using BlazorBlog.Comments.Editing;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Comments.Moderation;

/// <summary>The rules that hold a comment, from the form to the row.</summary>
public abstract class HeldCommentTests(IDatabaseServer server) : DatabaseTests(server)
{
    protected const string Advert = "Visit my page, it is the very best page of all the pages.";

    [Fact]
    public async Task Without_moderation_every_comment_is_visible_at_once()
    {
        var post = await Blog.AddPostAsync();

        var saved = await AddAsync(Blog, post, "Hello");

        Assert.Equal((CommentStatus.Approved, null), await StandingAsync(saved));
    }

    [Fact]
    public async Task With_moderation_of_the_first_comment_a_writer_waits_until_one_was_approved()
    {
        var node = OpenNode(settings: ("Comments:Moderation", "FirstComment"));
        var post = await node.AddPostAsync();

        var first = await AddAsync(node, post, "One");
        var second = await AddAsync(node, post, "Two", first.GuestId);
        await node.MustModerateAsync(service => service.ApproveAsync(first.CommentId, Cancel));
        var third = await AddAsync(node, post, "Three", first.GuestId);
        var stranger = await AddAsync(node, post, "Four");

        Assert.Equal((CommentStatus.Approved, HoldReason.FirstComment), await StandingAsync(first));
        Assert.Equal((CommentStatus.Pending, HoldReason.FirstComment), await StandingAsync(second));
        Assert.Equal((CommentStatus.Approved, null), await StandingAsync(third));
        Assert.Equal((CommentStatus.Pending, HoldReason.FirstComment), await StandingAsync(stranger));
    }

    [Fact]
    public async Task With_moderation_of_all_every_comment_waits_also_of_a_known_writer()
    {
        var node = OpenNode(settings: ("Comments:Moderation", "All"));
        var post = await node.AddPostAsync();

        var first = await AddAsync(node, post, "One");
        await node.MustModerateAsync(service => service.ApproveAsync(first.CommentId, Cancel));
        var second = await AddAsync(node, post, "Two", first.GuestId);

        Assert.Equal(CommentStatus.Pending, second.Status);
        Assert.Equal((CommentStatus.Pending, HoldReason.EveryComment), await StandingAsync(second));
    }

    [Fact]
    public async Task Each_rule_that_holds_says_so_in_the_row()
    {
        var node = OpenNode(settings: [("Comments:MaxLinks", "1"), ("Comments:BlockedWords", "casino,광고"), ("Comments:HoldAbovePerMinute", "2")]);
        var post = await node.AddPostAsync();
        var other = await node.AddPostAsync("other");

        var links = await AddAsync(node, post, "https://a.example https://b.example");
        var word = await AddAsync(node, post, "The best Casino");
        var korean = await AddAsync(node, post, "무료광고입니다");
        var once = await AddAsync(node, post, Advert);
        var again = await AddAsync(node, other, Advert, once.GuestId);
        var third = await AddAsync(node, post, "Fast", once.GuestId);

        Assert.Equal((CommentStatus.Pending, HoldReason.TooManyLinks), await StandingAsync(links));
        Assert.Equal((CommentStatus.Pending, HoldReason.BlockedWord), await StandingAsync(word));
        Assert.Equal((CommentStatus.Pending, HoldReason.BlockedWord), await StandingAsync(korean));
        Assert.Equal((CommentStatus.Approved, null), await StandingAsync(once));
        Assert.Equal((CommentStatus.Pending, HoldReason.RepeatedText), await StandingAsync(again));
        Assert.Equal((CommentStatus.Pending, HoldReason.TooFast), await StandingAsync(third));
    }

    [Fact]
    public async Task Attempts_that_were_refused_are_no_strangers_who_say_the_same()
    {
        var post = await Blog.AddPostAsync();

        // Each attempt of a browser without a cookie would make a guest of its own.
        for (var i = 0; i < 4; i++)
        {
            Assert.IsType<CommentOutcome.Rejected>(await Blog.CommentAsync(post.Slug, Advert, parentId: Guid.NewGuid()));
        }

        Assert.Equal((CommentStatus.Approved, null), await StandingAsync(await AddAsync(Blog, post, Advert)));
    }

    [Fact]
    public async Task A_refused_answer_does_not_hold_the_same_words_as_a_comment()
    {
        var post = await Blog.AddPostAsync();
        var known = await AddAsync(Blog, post, "Hello");

        var refused = await Blog.CommentAsync(post.Slug, Advert, guestId: known.GuestId, parentId: Guid.NewGuid());
        var comment = await AddAsync(Blog, post, Advert, known.GuestId);

        Assert.IsType<CommentOutcome.Rejected>(refused);
        Assert.Equal((CommentStatus.Approved, null), await StandingAsync(comment));
    }

    [Fact]
    public async Task Nobody_is_too_fast_while_limits_are_off()
    {
        var node = OpenNode(settings: [("RateLimits:Enabled", "false"), ("Comments:HoldAbovePerMinute", "1")]);
        var post = await node.AddPostAsync();
        var first = await AddAsync(node, post, "0");

        for (var i = 1; i < 8; i++)
        {
            Assert.Equal(CommentStatus.Approved, (await AddAsync(node, post, $"{i}", first.GuestId)).Status);
        }
    }

    [Fact]
    public async Task Words_that_passed_cannot_be_edited_into_words_that_would_not()
    {
        var node = OpenNode(settings: [("Comments:MaxLinks", "0"), ("Comments:BlockedWords", "casino")]);
        var post = await node.AddPostAsync();
        var one = await AddAsync(node, post, "Harmless");
        var two = await AddAsync(node, post, "Harmless");

        var linked = await EditAsync(node, post, one, "See https://spam.example");
        var blocked = await EditAsync(node, post, two, "CASINO");

        Assert.Equal((CommentStatus.Pending, CommentStatus.Pending), (linked.Status, blocked.Status));
        Assert.Equal((CommentStatus.Pending, HoldReason.TooManyLinks), await StandingAsync(one));
        Assert.Equal((CommentStatus.Pending, HoldReason.BlockedWord), await StandingAsync(two));
        Assert.Empty((await node.UseAsync(service => service.ReadThreadAsync(post.Id, 4, Cancel).AsTask())).Roots);
    }

    [Fact]
    public async Task A_first_comment_that_was_approved_waits_again_for_other_words()
    {
        var node = OpenNode(settings: ("Comments:Moderation", "FirstComment"));
        var post = await node.AddPostAsync();
        var first = await AddAsync(node, post, "Harmless");
        await node.MustModerateAsync(service => service.ApproveAsync(first.CommentId, Cancel));

        Assert.Equal(CommentStatus.Pending, (await EditAsync(node, post, first, "Buy this")).Status);
        Assert.Equal((CommentStatus.Pending, HoldReason.FirstComment), await StandingAsync(first));
        // What nobody has looked at vouches for nothing.
        var second = await AddAsync(node, post, "Two", first.GuestId);
        Assert.Equal(CommentStatus.Pending, second.Status);

        await node.MustModerateAsync(service => service.ApproveAsync(first.CommentId, Cancel));
        await node.MustModerateAsync(service => service.ApproveAsync(second.CommentId, Cancel));
        Assert.Equal(CommentStatus.Approved, (await EditAsync(node, post, first, "Known by now")).Status);
    }

    [Theory]
    [InlineData("FirstComment")]
    [InlineData("All")]
    public async Task The_staff_s_edits_do_not_wait(string moderation)
    {
        var node = OpenNode(settings: ("Comments:Moderation", moderation));
        var post = await node.AddPostAsync();
        var saved = await AddAsync(node, post, "Hello");
        await node.MustModerateAsync(service => service.ApproveAsync(saved.CommentId, Cancel));

        var edited = await node.UseAsync(service => service.EditCommentAsync(
            post.Slug, saved.CommentId, CommentAuthor.OfGuest(saved.GuestId) with { IsStaff = true }, "Hello again", Cancel));

        Assert.Equal(CommentStatus.Approved, Assert.IsType<CommentActionResult.Done>(edited).Status);
    }

    [Fact]
    public async Task An_edit_of_what_waits_lets_it_wait()
    {
        var node = OpenNode(settings: ("Comments:Moderation", "FirstComment"));
        var post = await node.AddPostAsync();
        var waiting = await AddAsync(node, post, "Waits");

        Assert.Equal(CommentStatus.Pending, (await EditAsync(node, post, waiting, "Waits still")).Status);
        Assert.Equal((CommentStatus.Pending, HoldReason.FirstComment), await StandingAsync(waiting));
    }

    [Fact]
    public async Task A_moderator_approves_hides_marks_spam_and_holds()
    {
        var node = OpenNode(settings: ("Comments:Moderation", "All"));
        var post = await node.AddPostAsync();
        var saved = await AddAsync(node, post, "Hello");
        List<int> counts = [];
        async Task LookAsync() =>
            counts.Add((await node.UseAsync(service => service.ReadThreadAsync(post.Id, long.MaxValue, Cancel).AsTask())).Count);

        await LookAsync();
        await node.MustModerateAsync(service => service.ApproveAsync(saved.CommentId, Cancel));
        await LookAsync();
        await node.MustModerateAsync(service => service.HideAsync(saved.CommentId, Cancel));
        await LookAsync();
        await node.MustModerateAsync(service => service.ApproveAsync(saved.CommentId, Cancel));
        await node.MustModerateAsync(service => service.MarkAsSpamAsync(saved.CommentId, Cancel));
        await LookAsync();
        await node.MustModerateAsync(service => service.ApproveAsync(saved.CommentId, Cancel));
        await node.MustModerateAsync(service => service.HoldAsync(saved.CommentId, Cancel));
        await LookAsync();

        Assert.Equal([0, 1, 0, 0, 0], counts);
        Assert.Equal((CommentStatus.Pending, HoldReason.Moderator), await StandingAsync(saved));
    }

    [Fact]
    public async Task Only_its_author_sees_a_comment_that_waits()
    {
        var node = OpenNode(settings: ("Comments:Moderation", "All"));
        var post = await node.AddPostAsync();
        var saved = await AddAsync(node, post, "Waits");
        var stranger = await AddAsync(node, post, "Waits as well");

        var view = await node.UseAsync(service => service.FindWriterAsync(CommentAuthor.OfGuest(saved.GuestId), post.Id, Cancel));
        var own = await node.UseAsync(service => service.ReadOwnAsync(post.Id, CommentAuthor.OfGuest(saved.GuestId), Cancel));

        Assert.Equal([saved.CommentId], view!.Waiting.Select(comment => comment.Id));
        Assert.Equal([saved.CommentId], own.Comments.Select(comment => comment.Id));
        Assert.NotEqual(saved.GuestId, stranger.GuestId);
        Assert.Empty((await node.UseAsync(service => service.ReadThreadAsync(post.Id, long.MaxValue, Cancel).AsTask())).Roots);
    }

    protected static async Task<CommentOutcome.Saved> AddAsync(DatabaseBlog node, Post post, string body, Guid? guestId = null) =>
        Assert.IsType<CommentOutcome.Saved>(await node.CommentAsync(post.Slug, body, guestId: guestId));

    private static async Task<CommentActionResult.Done> EditAsync(DatabaseBlog node, Post post, CommentOutcome.Saved saved, string body) =>
        Assert.IsType<CommentActionResult.Done>(
            await node.UseAsync(service => service.EditCommentAsync(post.Slug, saved.CommentId, CommentAuthor.OfGuest(saved.GuestId), body, Cancel)));

    protected async Task<(CommentStatus, HoldReason?)> StandingAsync(CommentOutcome.Saved saved)
    {
        await using var db = Blog.OpenContext();
        var comment = await db.Comments.AsNoTracking().SingleAsync(comment => comment.Id == saved.CommentId, Cancel);
        return (comment.Status, comment.HoldReason);
    }
}

public sealed class SqliteHeldCommentTests(SqliteFiles files) : HeldCommentTests(files)
{
    /// <summary>Here a caller gives up while another one writes; elsewhere nobody waits for a turn.</summary>
    [Fact]
    public async Task Attempts_that_failed_are_no_strangers_who_say_the_same()
    {
        var post = await Blog.AddPostAsync();
        await AddAsync(Blog, post, "So that the post is known");
        var draft = new CommentDraft { Name = "Grace", Body = Advert, IdempotencyKey = Guid.NewGuid().ToString() };
        for (var i = 0; i < 4; i++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => Blog.UseAsync(service => service.AddCommentAsync(post.Slug, draft, guestId: null, account: null, new CancellationToken(canceled: true))));
        }

        Assert.Equal((CommentStatus.Approved, null), await StandingAsync(await AddAsync(Blog, post, Advert)));
    }
}

public sealed class PostgreSqlHeldCommentTests(PostgreSqlServer server) : HeldCommentTests(server);
