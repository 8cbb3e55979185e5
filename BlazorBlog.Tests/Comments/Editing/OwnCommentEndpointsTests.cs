using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Comments.Editing;

public sealed class OwnCommentEndpointsTests(BlogFixture fixture) : IClassFixture<BlogFixture>
{
    private readonly TestBlog _blog = fixture.Blog;

    [Fact]
    public async Task A_writer_changes_the_words_and_what_they_were_is_kept_for_moderators()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Frist!");

        using var answer = await EditAsync(mina, slug, id, "First, and **glad**.");
        using var again = await EditAsync(mina, slug, id, "First.");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal($"/posts/{slug}#comment-{id}", answer.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
        var comment = await FindAsync(id);
        Assert.Equal(("First.", "<p>First.</p>"), (comment.Body, comment.Html.Trim()));
        Assert.NotNull(comment.EditedAt);
        Assert.Equal(["Frist!", "First, and **glad**."], await RevisionsAsync(id));
    }

    [Fact]
    public async Task The_same_words_again_are_no_edit()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello.");

        using var answer = await EditAsync(mina, slug, id, " Hello.\r\n");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Null((await FindAsync(id)).EditedAt);
        Assert.Empty(await RevisionsAsync(id));
    }

    [Fact]
    public async Task A_script_gets_the_changed_card_as_JSON()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello.");

        using var answer = await EditAsync(mina, slug, id, "Hello **there**.", Json);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = await ParseAsync(answer);
        Assert.Equal(id, json.RootElement.GetProperty("id").GetGuid());
        Assert.Equal("approved", json.RootElement.GetProperty("status").GetString());
        Assert.Contains("<strong>there</strong>", json.RootElement.GetProperty("html").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t ")]
    [InlineData("\u200B\u3164")]
    [InlineData("[](u)")]
    [InlineData("&nbsp;")]
    [InlineData(null)]
    public async Task An_edit_into_nothing_is_refused(string? body)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello.");

        await AssertRefusedAsync(mina, slug, id, body, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task An_edit_that_is_too_long_is_refused()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello.");

        await AssertRefusedAsync(mina, slug, id, new string('b', 5001), HttpStatusCode.UnprocessableEntity);
        await AssertRefusedAsync(mina, slug, id, new string('b', 5 * 1024 * 1024), HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Another_guest_or_nobody_changes_nothing()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var joon = _blog.Visitor("Joon");
        using var nobody = _blog.Visitor();
        using var forger = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Mine.", new() { ["Email"] = "mina@example.com" });
        await joon.MustCommentAsync(slug, "Also here.", new() { ["Email"] = "mina@example.com" });
        forger.Cookie = Guid.NewGuid().ToString();

        foreach (var stranger in new[] { joon, nobody, forger })
        {
            await AssertRefusedAsync(stranger, slug, id, "Yours?", HttpStatusCode.Forbidden);
            using var removal = await PostAsync(stranger, slug, id, "remove");
            Assert.Equal(HttpStatusCode.Forbidden, removal.StatusCode);
        }

        Assert.Equal("Mine.", (await FindAsync(id)).Body);
        Assert.Null((await FindAsync(id)).RemovedAt);
        Assert.Null(nobody.Cookie);
    }

    [Fact]
    public async Task After_the_edit_window_a_comment_can_only_be_removed()
    {
        var clock = FakeClock.Running();
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Time = clock;
            options.Settings["Comments:EditWindow"] = "00:10:00";
        });
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var id = await mina.MustCommentAsync(post.Slug, "Hello.");
        clock.Advance(TimeSpan.FromMinutes(9));
        using var inTime = await EditAsync(mina, post.Slug, id, "In time.");
        clock.Advance(TimeSpan.FromMinutes(2));

        using var page = await EditAsync(mina, post.Slug, id, "Too late.");
        using var json = await EditAsync(mina, post.Slug, id, "Too late.", Json);
        var mine = await MineAsync(mina, post.Slug);
        using var removal = await PostAsync(mina, post.Slug, id, "remove");

        Assert.Equal(HttpStatusCode.SeeOther, inTime.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, page.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, json.StatusCode);
        Assert.NotEmpty(await MessageAsync(json));
        Assert.Equal(0, mine.Comments[id].EditableFor);
        Assert.Equal(HttpStatusCode.SeeOther, removal.StatusCode);
        var comment = Assert.Single(await blog.CommentsAsync());
        Assert.Equal("In time.", comment.Body);
        Assert.NotNull(comment.RemovedAt);
    }

    [Fact]
    public async Task Without_an_edit_window_there_are_no_edits()
    {
        var clock = FakeClock.Running();
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Time = clock;
            options.Settings["Comments:EditWindow"] = "00:00:00";
        });
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var id = await mina.MustCommentAsync(post.Slug, "Hello.");

        using var answer = await EditAsync(mina, post.Slug, id, "Changed.");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("Hello.", Assert.Single(await blog.CommentsAsync()).Body);
    }

    [Theory]
    [InlineData("edit")]
    [InlineData("remove")]
    [InlineData("reactions")]
    public async Task From_another_site_nothing_is_done(string action)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello.");
        var before = await FindAsync(id);

        foreach (var (header, value) in new[] { ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example"), ("Origin", "null") })
        {
            using var page = await PostAsync(mina, slug, id, action, Everything, request => request.Headers.Add(header, value));
            Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        }

        using var own = await PostAsync(mina, slug, id, action, Everything, request => request.Headers.Add("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.SeeOther, own.StatusCode);
        Assert.Equal(before.Sequence + 1, (await FindAsync(id)).Sequence);
    }

    [Theory]
    [InlineData("edit")]
    [InlineData("remove")]
    [InlineData("restore")]
    [InlineData("reactions")]
    public async Task A_comment_that_is_not_there_cannot_be_changed(string action)
    {
        var slug = await fixture.NewPostAsync();
        var other = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var here = await mina.MustCommentAsync(slug, "Hello.");
        var gone = await mina.MustCommentAsync(slug, "Gone.");
        Assert.True(await _blog.ModerateAsync(service => service.RemoveAsync(gone, TestContext.Current.CancellationToken)));
        var hidden = await mina.MustCommentAsync(slug, "Hidden.");
        Assert.True(await _blog.ModerateAsync(service => service.HideAsync(hidden, TestContext.Current.CancellationToken)));

        foreach (var (where, id) in new[] { (slug, Guid.NewGuid()), (other, here), ("nowhere", here), (slug, gone), (slug, hidden) })
        {
            using var page = await PostAsync(mina, where, id, action, Everything);
            using var json = await PostAsync(mina, where, id, action, Everything, Json);
            Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, json.StatusCode);
            Assert.NotEmpty(await MessageAsync(json));
        }

        using var noId = await mina.PostAsync($"/posts/{slug}/comments/17/{action}", Form(Everything));
        Assert.Equal(HttpStatusCode.NotFound, noId.StatusCode);
        Assert.Equal(("Hello.", 1L), ((await FindAsync(here)).Body, (await FindAsync(here)).Sequence));
    }

    [Fact]
    public async Task What_is_removed_leaves_a_tombstone_that_keeps_its_reply()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var joon = _blog.Visitor("Joon");
        var parent = await mina.MustCommentAsync(slug, "Regretted words.");
        var reply = await joon.MustCommentAsync(slug, "Kept words.", new() { ["ParentId"] = parent.ToString() });

        using var answer = await PostAsync(mina, slug, parent, "remove");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal($"/posts/{slug}#comment-{parent}", answer.Headers.Location!.OriginalString);
        Assert.NotNull((await FindAsync(parent)).RemovedAt);
        using var stranger = _blog.Visitor();
        var page = await stranger.ReadAsync($"/posts/{slug}");
        Assert.DoesNotContain("Regretted words.", page, StringComparison.Ordinal);
        Assert.Contains("Kept words.", page, StringComparison.Ordinal);
        Assert.Contains($"comment-{parent}", page, StringComparison.Ordinal);
        Assert.Contains($"comment-{reply}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_answered_leaves_no_tombstone_and_neither_does_the_removed_comment_that_it_answered()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var parent = await mina.MustCommentAsync(slug, "Regretted words.");
        var reply = await mina.MustCommentAsync(slug, "Regretted as well.", new() { ["ParentId"] = parent.ToString() });
        using var stranger = _blog.Visitor();

        using (await PostAsync(mina, slug, parent, "remove"))
        {
            Assert.Contains($"comment-{parent}", await stranger.ReadAsync($"/posts/{slug}"), StringComparison.Ordinal);
        }

        using (await PostAsync(mina, slug, reply, "remove"))
        {
            Assert.DoesNotContain("<article id=\"comment-", await stranger.ReadAsync($"/posts/{slug}"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_removal_is_taken_back_for_twenty_seconds_by_its_writer_and_twice_is_as_good_as_once()
    {
        var clock = FakeClock.Running();
        await using var blog = await TestBlog.StartAsync(options => options.Time = clock);
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        using var joon = blog.Visitor("Joon");
        var id = await mina.MustCommentAsync(post.Slug, "Hasty words.");
        await joon.MustCommentAsync(post.Slug, "Also here.");

        using var removed = await PostAsync(mina, post.Slug, id, "remove");
        using var removedTwice = await PostAsync(mina, post.Slug, id, "remove");
        using var byAnother = await PostAsync(joon, post.Slug, id, "restore");
        using var fromElsewhere = await PostAsync(mina, post.Slug, id, "restore", change: request => request.Headers.Add("Sec-Fetch-Site", "cross-site"));
        clock.Advance(TimeSpan.FromSeconds(15));
        using var restored = await PostAsync(mina, post.Slug, id, "restore", change: Json);
        using var restoredTwice = await PostAsync(mina, post.Slug, id, "restore");

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther), (removed.StatusCode, removedTwice.StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (byAnother.StatusCode, fromElsewhere.StatusCode));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.SeeOther), (restored.StatusCode, restoredTwice.StatusCode));
        Assert.Contains("Hasty words.", await restored.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("Hasty words.", await joon.ReadAsync($"/posts/{post.Slug}"), StringComparison.Ordinal);
        // Added, removed and restored; what changed nothing took no number.
        Assert.Equal(4, (await blog.CommentsAsync()).Single(comment => comment.Id == id).Sequence);

        using var again = await PostAsync(mina, post.Slug, id, "remove");
        clock.Advance(TimeSpan.FromSeconds(25));
        using var late = await PostAsync(mina, post.Slug, id, "restore");
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        Assert.NotNull((await blog.CommentsAsync()).Single(comment => comment.Id == id).RemovedAt);
    }

    [Fact]
    public async Task A_page_whose_thread_is_live_is_answered_without_the_card()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello.");

        using var answer = await EditAsync(mina, slug, id, "Hello there.", request =>
        {
            Json(request);
            request.Headers.Add("Prefer", "return=minimal");
        });

        using var json = await ParseAsync(answer);
        Assert.Equal("approved", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("html").ValueKind);
    }

    [Fact]
    public async Task Each_person_gives_each_reaction_once_however_often_they_say_so()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var joon = _blog.Visitor("Joon");
        var id = await mina.MustCommentAsync(slug, "Hello.");

        foreach (var (who, kind, on) in new[]
        {
            (mina, "like", "true"), (mina, "like", "true"), (mina, "love", "true"), (joon, "like", "true"), (joon, "laugh", "true"), (joon, "laugh", "false"), (joon, "laugh", "false"),
        })
        {
            using var answer = await ReactAsync(who, slug, id, kind, on);
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        }

        var counts = (await FindAsync(id)).Reactions;
        Assert.Equal((2, 1, 0, 0), (counts.Like, counts.Love, counts.Laugh, counts.Celebrate));
        Assert.Equal(3, await _blog.ReadAsync(db => db.CommentReactions.CountAsync(reaction => reaction.CommentId == id)));
    }

    [Fact]
    public async Task A_plain_form_turns_a_reaction_around()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello.");

        List<int> counts = [];
        for (var i = 0; i < 3; i++)
        {
            using var answer = await ReactAsync(mina, slug, id, "celebrate");
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            Assert.Equal($"/posts/{slug}#comment-{id}", answer.Headers.Location!.OriginalString);
            counts.Add((await FindAsync(id)).Reactions.Celebrate);
        }

        Assert.Equal([1, 0, 1], counts);
    }

    [Fact]
    public async Task A_browser_of_which_nothing_is_known_becomes_a_guest_by_its_first_reaction()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var reader = _blog.Visitor("Reader");
        var id = await mina.MustCommentAsync(slug, "Hello.");

        using var takenBack = await ReactAsync(reader, slug, id, "like", "false");
        Assert.Equal(HttpStatusCode.SeeOther, takenBack.StatusCode);
        Assert.Null(reader.Cookie);
        using var first = await ReactAsync(reader, slug, id, "like", "true");
        Assert.NotNull(reader.Cookie);
        using var again = await ReactAsync(reader, slug, id, "like", "true");

        Assert.Equal(1, (await FindAsync(id)).Reactions.Like);
        Assert.Equal(["like"], (await MineAsync(reader, slug)).Reactions[id]);
        await reader.MustCommentAsync(slug, "And now a word.");
        Assert.Single((await MineAsync(reader, slug)).Comments);
    }

    [Theory]
    [InlineData("dislike")]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("-1")]
    [InlineData("like,love")]
    [InlineData("Like ")]
    [InlineData(null)]
    public async Task A_reaction_that_does_not_exist_is_refused(string? kind)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello.");

        using var page = await PostAsync(mina, slug, id, "reactions", new() { ["Kind"] = kind, ["On"] = "true" });
        using var json = await PostAsync(mina, slug, id, "reactions", new() { ["Kind"] = kind, ["On"] = "true" }, Json);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, json.StatusCode);
        Assert.NotEmpty(await MessageAsync(json));
        Assert.Equal(new ReactionCounts(), (await FindAsync(id)).Reactions);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/x-www-form-urlencoded; charset=klingon")]
    public async Task A_request_that_is_no_form_is_refused_and_changes_nothing(string contentType)
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello.");
        foreach (var action in new[] { "edit", "reactions" })
        {
            using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("--x\r\nContent-Disposition: form-data; name=\"Kind\"\r\n\r\nli"));
            body.Headers.TryAddWithoutValidation("Content-Type", contentType);
            using var answer = await mina.PostAsync($"/posts/{slug}/comments/{id}/{action}", body);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }

        Assert.Equal(1, (await FindAsync(id)).Sequence);
    }

    [Fact]
    public async Task A_comment_that_waits_can_be_changed_and_taken_back_by_its_author_and_not_reacted_to()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["Comments:Moderation"] = "All");
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var id = await mina.MustCommentAsync(post.Slug, "Hello.");

        using var edit = await EditAsync(mina, post.Slug, id, "Hello **there**.", Json);
        using var reaction = await ReactAsync(mina, post.Slug, id, "like", "true");
        using var removal = await PostAsync(mina, post.Slug, id, "remove");

        using var json = await ParseAsync(edit);
        Assert.Equal("pending", json.RootElement.GetProperty("status").GetString());
        Assert.Contains("<strong>there</strong>", json.RootElement.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("html").ValueKind);
        Assert.Equal(HttpStatusCode.NotFound, reaction.StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, removal.StatusCode);
    }

    [Fact]
    public async Task Everybody_is_told_only_what_they_said_themselves()
    {
        var slug = await fixture.NewPostAsync();
        var other = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        using var joon = _blog.Visitor("Joon");
        using var stranger = _blog.Visitor();
        var minas = await mina.MustCommentAsync(slug, "Hers, *as typed*.");
        var joons = await joon.MustCommentAsync(slug, "His.");
        var removed = await mina.MustCommentAsync(slug, "Gone.");
        await mina.MustCommentAsync(other, "Elsewhere.");
        using var removal = await PostAsync(mina, slug, removed, "remove");
        using var love = await ReactAsync(mina, slug, joons, "love", "true");
        using var like = await ReactAsync(joon, slug, joons, "like", "true");

        var hers = await MineAsync(mina, slug);
        var nobodys = await MineAsync(stranger, slug);
        using var unknown = await mina.GetAsync("/posts/nowhere/comments/mine");

        Assert.Equal([minas], hers.Comments.Keys);
        Assert.Equal("Hers, *as typed*.", hers.Comments[minas].Body);
        Assert.InRange(hers.Comments[minas].EditableFor, 1, 15 * 60);
        Assert.Equal([joons], hers.Reactions.Keys);
        Assert.Equal(["love"], hers.Reactions[joons]);
        Assert.Empty(nobodys.Comments);
        Assert.Empty(nobodys.Reactions);
        Assert.Null(stranger.Cookie);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Looking_changes_nothing()
    {
        var slug = await fixture.NewPostAsync();
        using var mina = _blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello.");
        foreach (var action in new[] { "edit?Body=Changed", "remove", "reactions?Kind=like&On=true" })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                using var request = new HttpRequestMessage(method, $"/posts/{slug}/comments/{id}/{action}");
                using var answer = await mina.SendAsync(request);
                Assert.InRange((int)answer.StatusCode, 400, 499);
            }
        }

        await MineAsync(mina, slug);
        var comment = await FindAsync(id);
        Assert.Equal((1L, "Hello.", null), (comment.Sequence, comment.Body, comment.RemovedAt));
    }

    [Fact]
    public async Task Who_acts_too_often_is_told_how_long_to_wait_and_nothing_is_done()
    {
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Settings["RateLimits:Enabled"] = "true";
            options.Settings["RateLimits:CommentsPerMinute"] = "1";
        });
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();
        var id = await mina.MustCommentAsync(post.Slug, "Hello.");
        var refused = new List<HttpResponseMessage>();
        for (var i = 0; i < 20; i++)
        {
            using var answer = await ReactAsync(mina, post.Slug, id, "like", i % 2 == 0 ? "true" : "false");
            if (answer.StatusCode != HttpStatusCode.SeeOther)
            {
                break;
            }
        }

        var before = Assert.Single(await blog.CommentsAsync()).Sequence;
        refused.Add(await ReactAsync(mina, post.Slug, id, "love", "true"));
        refused.Add(await EditAsync(mina, post.Slug, id, "Changed."));
        refused.Add(await PostAsync(mina, post.Slug, id, "remove", change: Json));

        Assert.All(refused, answer =>
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.InRange(int.Parse(answer.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1, 60);
        });
        Assert.NotEmpty(await MessageAsync(refused[^1]));
        Assert.Equal(before, Assert.Single(await blog.CommentsAsync()).Sequence);
        refused.ForEach(answer => answer.Dispose());
    }

    /// <summary>Fields with which each of the actions is done.</summary>
    private static Dictionary<string, string?> Everything => new() { ["Body"] = "Changed.", ["Kind"] = "like", ["On"] = "true" };

    private static void Json(HttpRequestMessage request) => request.Headers.Add("Accept", "application/json");

    private static FormUrlEncodedContent Form(Dictionary<string, string?> fields) =>
        new(fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, field.Value!)));

    private static Task<HttpResponseMessage> PostAsync(
        Visitor visitor, string slug, Guid id, string action, Dictionary<string, string?>? fields = null, Action<HttpRequestMessage>? change = null) =>
        visitor.PostAsync($"/posts/{slug}/comments/{id}/{action}", Form(fields ?? []), change);

    private static Task<HttpResponseMessage> EditAsync(Visitor visitor, string slug, Guid id, string? body, Action<HttpRequestMessage>? change = null) =>
        PostAsync(visitor, slug, id, "edit", new() { ["Body"] = body }, change);

    private static Task<HttpResponseMessage> ReactAsync(Visitor visitor, string slug, Guid id, string kind, string? on = null) =>
        PostAsync(visitor, slug, id, "reactions", new() { ["Kind"] = kind, ["On"] = on });

    private static async Task<JsonDocument> ParseAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    private static async Task<string> MessageAsync(HttpResponseMessage answer)
    {
        using var json = await ParseAsync(answer);
        return json.RootElement.GetProperty("errors").GetProperty("Body").GetString()!;
    }

    /// <summary>What the blog tells a browser of its own words; nobody may keep the answer.</summary>
    private static async Task<Mine> MineAsync(Visitor visitor, string slug)
    {
        using var answer = await visitor.GetAsync($"/posts/{slug}/comments/mine");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        using var json = await ParseAsync(answer);
        return new Mine(
            json.RootElement.GetProperty("comments").EnumerateArray().ToDictionary(
                comment => comment.GetProperty("id").GetGuid(),
                comment => (comment.GetProperty("body").GetString()!, comment.GetProperty("editableFor").GetInt32())),
            json.RootElement.GetProperty("reactions").EnumerateObject().ToDictionary(
                comment => Guid.Parse(comment.Name), comment => comment.Value.EnumerateArray().Select(kind => kind.GetString()!).ToArray()));
    }

    private async Task AssertRefusedAsync(Visitor visitor, string slug, Guid id, string? body, HttpStatusCode status)
    {
        var before = await FindAsync(id);
        using var page = await EditAsync(visitor, slug, id, body);
        using var json = await EditAsync(visitor, slug, id, body, Json);

        Assert.Equal((status, status), (page.StatusCode, json.StatusCode));
        Assert.NotEmpty(await MessageAsync(json));
        var after = await FindAsync(id);
        Assert.Equal((before.Body, before.Sequence), (after.Body, after.Sequence));
        Assert.Empty(await RevisionsAsync(id));
    }

    private Task<Comment> FindAsync(Guid id) => _blog.ReadAsync(db => db.Comments.AsNoTracking().SingleAsync(comment => comment.Id == id));

    private Task<List<string>> RevisionsAsync(Guid id) => _blog.ReadAsync(db =>
        db.CommentRevisions.Where(revision => revision.CommentId == id).OrderBy(revision => revision.ReplacedAt).Select(revision => revision.Body).ToListAsync());

    private sealed record Mine(Dictionary<Guid, (string Body, int EditableFor)> Comments, Dictionary<Guid, string[]> Reactions);
}
