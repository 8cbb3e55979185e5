using System.Globalization;
using System.Net;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Comments.Posting;

public sealed class CommentLimitsTests
{
    [Fact]
    public async Task Who_posts_too_often_is_told_how_long_to_wait_and_nothing_is_written()
    {
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Settings["RateLimits:Enabled"] = "true";
            options.Settings["RateLimits:CommentsPerMinute"] = "2";
        });
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        await mina.MustCommentAsync(post.Slug, "One.");
        await mina.MustCommentAsync(post.Slug, "Two.");

        using var page = await mina.CommentAsync(post.Slug, "Three.");
        using var json = await mina.CommentAsync(post.Slug, "Three.", change: request => request.Headers.Add("Accept", "application/json"));

        Assert.Equal(HttpStatusCode.TooManyRequests, page.StatusCode);
        Assert.InRange(int.Parse(page.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal("Three.", FormResponse.Parse(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Body);
        Assert.Equal(HttpStatusCode.TooManyRequests, json.StatusCode);
        Assert.True(json.Headers.Contains("Retry-After"));
        Assert.Equal(2, (await blog.CommentsAsync()).Count);
    }

    [Fact]
    public async Task Browsers_of_which_nothing_is_known_react_to_one_comment_from_one_network_a_few_times_an_hour()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["RateLimits:Enabled"] = "true");
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var one = await mina.MustCommentAsync(post.Slug, "One.");
        var two = await mina.MustCommentAsync(post.Slug, "Two.");
        List<HttpStatusCode> answers = [];
        for (var i = 0; i < 6; i++)
        {
            using var stranger = blog.Visitor();
            answers.Add(await ReactAsync(stranger, one));
        }

        using var other = blog.Visitor();
        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.SeeOther, 5), HttpStatusCode.TooManyRequests], answers);
        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther), (await ReactAsync(other, two), await ReactAsync(mina, one)));
        Assert.Equal(7, await blog.ReadAsync(db => db.Guests.CountAsync()));
    }

    [Fact]
    public async Task The_cookie_of_a_guest_that_is_not_there_any_more_makes_it_no_more_known()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["RateLimits:Enabled"] = "true");
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var comment = await mina.MustCommentAsync(post.Slug, "One.");
        using var left = blog.Visitor();
        await ReactAsync(left, await mina.MustCommentAsync(post.Slug, "Two."));
        await blog.ReadAsync(async db => await db.CommentReactions.ExecuteDeleteAsync() + await db.Guests.Where(guest => guest.Name == "").ExecuteDeleteAsync());
        List<HttpStatusCode> answers = [];
        for (var i = 0; i < 6; i++)
        {
            using var again = blog.Visitor();
            again.Cookie = left.Cookie;
            answers.Add(await ReactAsync(again, comment));
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.SeeOther, 5), HttpStatusCode.TooManyRequests], answers);
    }

    [Fact]
    public async Task Collected_cookies_react_to_one_comment_from_one_network_fifty_times_an_hour()
    {
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Settings["RateLimits:Enabled"] = "true";
            options.Settings["RateLimits:CommentsPerMinute"] = "100";
        });
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var (one, two) = (await mina.MustCommentAsync(post.Slug, "One."), await mina.MustCommentAsync(post.Slug, "Two."));
        List<HttpStatusCode> answers = [];
        for (var i = 0; i < 51; i++)
        {
            using var guest = blog.Visitor();
            Assert.Equal(HttpStatusCode.SeeOther, await ReactAsync(guest, two, network: $"203.0.113.{i}"));
            answers.Add(await ReactAsync(guest, one));
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.SeeOther, 50), HttpStatusCode.TooManyRequests], answers);
        Assert.Equal(50, (await blog.CommentsAsync()).Single(comment => comment.Id == one).Reactions.Like);
    }

    [Fact]
    public async Task Previews_are_limited_far_above_what_a_writer_needs()
    {
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Settings["RateLimits:Enabled"] = "true";
            options.Settings["RateLimits:CommentsPerMinute"] = "1";
        });
        using var mina = blog.Visitor();
        List<HttpStatusCode> answers = [];
        for (var i = 0; i < 21; i++)
        {
            using var answer = await mina.PostAsync("/comments/preview", new FormUrlEncodedContent([new("Body", "Hello.")]));
            answers.Add(answer.StatusCode);
            Assert.Equal(answer.StatusCode == HttpStatusCode.TooManyRequests, answer.Headers.Contains("Retry-After"));
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 20), HttpStatusCode.TooManyRequests], answers);
    }

    [Fact]
    public async Task A_form_that_is_filled_faster_than_anyone_can_read_is_refused()
    {
        var clock = FakeClock.Running();
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Time = clock;
            options.Settings["Comments:MinimumSeconds"] = "30";
        });
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var madeAt = FormResponse.Parse(await mina.ReadAsync($"/posts/{post.Slug}")).Value("RenderedAt");

        using var tooQuick = await mina.CommentAsync(post.Slug, "Hello.", new() { ["RenderedAt"] = madeAt });
        using var withoutTime = await mina.CommentAsync(post.Slug, "Hello.");
        using var madeUp = await mina.CommentAsync(post.Slug, "Hello.", new() { ["RenderedAt"] = "1700000000000" });
        Assert.All([tooQuick, withoutTime, madeUp], response => Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode));
        Assert.Empty(await blog.CommentsAsync());
        var answered = FormResponse.Parse(await tooQuick.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("Hello.", answered.Body);

        clock.Advance(TimeSpan.FromSeconds(30));
        await mina.MustCommentAsync(post.Slug, "Hello.", new() { ["RenderedAt"] = madeAt });
    }

    [Fact]
    public async Task A_moderated_comment_is_kept_from_readers_until_it_is_approved()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["Comments:Moderation"] = "FirstComment");
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        using var reader = blog.Visitor("Reader");

        var first = await mina.MustCommentAsync(post.Slug, "My first words.");
        Assert.DoesNotContain("My first words.", await reader.ReadAsync($"/posts/{post.Slug}"), StringComparison.Ordinal);
        Assert.True(await blog.ModerateAsync(service => service.ApproveAsync(first, TestContext.Current.CancellationToken)));
        await mina.MustCommentAsync(post.Slug, "My second words.");

        var page = await reader.ReadAsync($"/posts/{post.Slug}");
        Assert.Contains("My first words.", page, StringComparison.Ordinal);
        Assert.Contains("My second words.", page, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> ReactAsync(Visitor who, Guid comment, string? network = null)
    {
        var form = new FormUrlEncodedContent([new("Kind", "like")]);
        using var answer = await who.PostAsync($"/posts/slow-coffee/comments/{comment}/reactions", form, request =>
        {
            if (network is not null)
            {
                request.Headers.Add("X-Forwarded-For", network);
            }
        });
        return answer.StatusCode;
    }
}
