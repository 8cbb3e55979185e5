using System.Net;
using System.Text.Json;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Comments;

public sealed class OwnCommentEndpointsTests(BlogFixture fixture) : IClassFixture<BlogFixture>
{
    private readonly TestBlog _blog = fixture.Blog;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ones_own_comment_is_edited_and_what_it_said_is_kept()
    {
        var (slug, mina, id) = await CommentedAsync();
        using var _ = mina;

        using var answer = await ActAsync(mina, slug, id, "edit", ("Body", "After **all**"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(id, Visitor.CommentId(answer));
        var comment = await FindAsync(id);
        Assert.Equal(("After **all**", "<p>After <strong>all</strong></p>"), (comment.Body, comment.Html.Trim()));
        Assert.NotNull(comment.EditedAt);
        Assert.Equal("Before", (await _blog.ReadAsync(db => db.CommentRevisions.SingleAsync(revision => revision.CommentId == id, Cancel))).Body);
        using var again = await ActAsync(mina, slug, id, "edit", ("Body", "After **all**"));
        Assert.Equal(comment.Sequence, (await FindAsync(id)).Sequence);
    }

    [Theory]
    [InlineData("edit")]
    [InlineData("remove")]
    public async Task Nobody_else_changes_it(string act)
    {
        var (slug, mina, id) = await CommentedAsync();
        using var _ = mina;
        using var stranger = _blog.Visitor("Mina");
        using var other = _blog.Visitor("Joon");
        await other.MustCommentAsync(slug, "Of my own");

        foreach (var visitor in new[] { stranger, other })
        {
            using var answer = await ActAsync(visitor, slug, id, act, ("Body", "Taken over"));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        var comment = await FindAsync(id);
        Assert.Equal(("Before", null), (comment.Body, comment.RemovedAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    [InlineData("too long")]
    public async Task Words_that_are_no_comment_are_refused_and_change_nothing(string body)
    {
        var (slug, mina, id) = await CommentedAsync();
        using var _ = mina;

        using var answer = await ActAsync(mina, slug, id, "edit", json: true, ("Body", body == "too long" ? new string('a', 5001) : body));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotEmpty((await JsonAsync(answer)).GetProperty("errors").GetProperty("Body").GetString()!);
        Assert.Equal("Before", (await FindAsync(id)).Body);
    }

    [Fact]
    public async Task After_the_window_it_can_only_be_removed()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["Comments:EditWindow"] = "00:00:00");
        var slug = (await blog.AddPostAsync()).Slug;
        using var mina = blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Before");

        using var edit = await ActAsync(mina, slug, id, "edit", json: true, ("Body", "Too late"));
        using var remove = await ActAsync(mina, slug, id, "remove", json: true);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK), (edit.StatusCode, remove.StatusCode));
        var comment = await blog.ReadAsync(db => db.Comments.SingleAsync(comment => comment.Id == id, Cancel));
        Assert.Equal("Before", comment.Body);
        Assert.NotNull(comment.RemovedAt);
    }

    [Theory]
    [InlineData("edit")]
    [InlineData("remove")]
    [InlineData("reactions")]
    public async Task Other_origins_and_wrong_addresses_change_nothing(string act)
    {
        var (slug, mina, id) = await CommentedAsync();
        using var _ = mina;
        var elsewhere = await fixture.NewPostAsync();
        (string, string)[] fields = [("Body", "Changed"), ("Kind", "like")];

        using var foreign = await mina.PostAsync($"/posts/{slug}/comments/{id}/{act}", Form(fields), request => request.Headers.Add("Sec-Fetch-Site", "cross-site"));
        using var unknown = await ActAsync(mina, slug, Guid.CreateVersion7(), act, fields);
        using var misplaced = await ActAsync(mina, elsewhere, id, act, fields);
        using var got = await mina.GetAsync($"/posts/{slug}/comments/{id}/{act}");

        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (unknown.StatusCode, misplaced.StatusCode));
        Assert.Contains(got.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed });
        var comment = await FindAsync(id);
        Assert.Equal(("Before", null, 0), (comment.Body, comment.RemovedAt, comment.Reactions.Like));
    }

    [Fact]
    public async Task A_removed_comment_leaves_its_place_and_its_answers()
    {
        var (slug, mina, id) = await CommentedAsync();
        using var _ = mina;
        using var joon = _blog.Visitor("Joon");
        var answer = await joon.MustCommentAsync(slug, "An answer", new() { ["ParentId"] = id.ToString() });

        using var removed = await ActAsync(mina, slug, id, "remove");
        using var again = await ActAsync(mina, slug, id, "remove");

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.NotFound), (removed.StatusCode, again.StatusCode));
        using var reader = _blog.Visitor("Reader");
        var page = await reader.ReadAsync($"/posts/{slug}");
        Assert.Contains("This comment was removed.", page, StringComparison.Ordinal);
        Assert.Contains($"comment-{answer}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<p>Before</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_person_gives_each_reaction_once()
    {
        var (slug, mina, id) = await CommentedAsync();
        using var _ = mina;
        using var stranger = _blog.Visitor("Nobody");

        foreach (var visitor in new[] { mina, stranger, stranger })
        {
            using var answer = await ActAsync(visitor, slug, id, "reactions", json: true, ("Kind", "like"), ("On", "true"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.NotNull(stranger.Cookie);
        Assert.Equal(2, (await FindAsync(id)).Reactions.Like);

        using var love = await ActAsync(stranger, slug, id, "reactions", ("Kind", "love"));
        using var off = await ActAsync(stranger, slug, id, "reactions", ("Kind", "like"));
        using var offAgain = await ActAsync(stranger, slug, id, "reactions", ("Kind", "like"), ("On", "false"));
        Assert.Equal(HttpStatusCode.SeeOther, love.StatusCode);
        var counts = (await FindAsync(id)).Reactions;
        Assert.Equal((1, 1), (counts.Like, counts.Love));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("Like")]
    [InlineData("hate")]
    public async Task Other_reactions_do_not_exist(string kind)
    {
        var (slug, mina, id) = await CommentedAsync();
        using var _ = mina;

        using var answer = await ActAsync(mina, slug, id, "reactions", ("Kind", kind));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Fact]
    public async Task Only_ones_own_words_are_told_and_nothing_of_it_is_kept()
    {
        var (slug, mina, id) = await CommentedAsync();
        using var _ = mina;
        using var joon = _blog.Visitor("Joon");
        await joon.MustCommentAsync(slug, "Somebody else's");
        using var reacted = await ActAsync(mina, slug, id, "reactions", ("Kind", "laugh"));

        using var answer = await mina.GetAsync($"/posts/{slug}/comments/mine");
        using var strangers = await _blog.Visitor("Nobody").GetAsync($"/posts/{slug}/comments/mine");

        Assert.True(answer.Headers.CacheControl!.NoStore);
        var own = await JsonAsync(answer);
        var comment = Assert.Single(own.GetProperty("comments").EnumerateArray());
        Assert.Equal((id, "Before"), (comment.GetProperty("id").GetGuid(), comment.GetProperty("body").GetString()));
        Assert.InRange(comment.GetProperty("editableFor").GetInt32(), 1, 900);
        Assert.Equal("laugh", Assert.Single(own.GetProperty("reactions").GetProperty(id.ToString()).EnumerateArray()).GetString());
        Assert.Empty((await JsonAsync(strangers)).GetProperty("comments").EnumerateArray());
    }

    [Fact]
    public async Task An_edit_into_what_would_have_been_held_is_held()
    {
        var (slug, mina, id) = await CommentedAsync();
        using var _ = mina;

        using var answer = await ActAsync(mina, slug, id, "edit", json: true, ("Body", string.Join(' ', Enumerable.Range(1, 6).Select(number => $"https://shop.example/{number}"))));

        Assert.Equal("pending", (await JsonAsync(answer)).GetProperty("status").GetString());
        var comment = await FindAsync(id);
        Assert.Equal((CommentStatus.Pending, HoldReason.TooManyLinks), (comment.Status, comment.HoldReason!.Value));
    }

    [Fact]
    public async Task Whoever_does_too_much_at_once_waits()
    {
        await using var blog = await TestBlog.StartAsync(options =>
        {
            options.Settings["RateLimits:Enabled"] = "true";
            options.Settings["RateLimits:CommentsPerMinute"] = "1";
        });
        var slug = (await blog.AddPostAsync()).Slug;
        using var mina = blog.Visitor();
        var id = await mina.MustCommentAsync(slug, "Hello");

        List<HttpStatusCode> answers = [];
        for (var i = 0; i < 12; i++)
        {
            using var answer = await ActAsync(mina, slug, id, "reactions", ("Kind", "like"));
            answers.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.NotNull(answer.Headers.RetryAfter);
            }
        }

        Assert.Equal(HttpStatusCode.SeeOther, answers[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }

    private static FormUrlEncodedContent Form((string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static Task<HttpResponseMessage> ActAsync(Visitor visitor, string slug, Guid id, string act, params (string Name, string Value)[] fields) =>
        ActAsync(visitor, slug, id, act, json: false, fields);

    private static Task<HttpResponseMessage> ActAsync(
        Visitor visitor, string slug, Guid id, string act, bool json, params (string Name, string Value)[] fields) =>
        visitor.PostAsync($"/posts/{slug}/comments/{id}/{act}", Form(fields), request =>
        {
            if (json)
            {
                request.Headers.Add("Accept", "application/json");
            }
        });

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;

    private async Task<(string Slug, Visitor Writer, Guid Id)> CommentedAsync()
    {
        var slug = await fixture.NewPostAsync();
        var mina = _blog.Visitor();
        return (slug, mina, await mina.MustCommentAsync(slug, "Before"));
    }

    private Task<Comment> FindAsync(Guid id) => _blog.ReadAsync(db => db.Comments.AsNoTracking().SingleAsync(comment => comment.Id == id, Cancel));
}
