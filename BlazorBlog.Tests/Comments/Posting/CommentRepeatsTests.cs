using System.Net;
using BlazorBlog.Support;

namespace BlazorBlog.Comments.Posting;

public sealed class CommentRepeatsTests : IAsyncLifetime
{
    private readonly FakeClock _clock = FakeClock.Running();
    private TestBlog _blog = null!;

    public async ValueTask InitializeAsync()
    {
        _blog = await TestBlog.StartAsync(options => options.Time = _clock);
        await _blog.AddPostAsync();
    }

    public ValueTask DisposeAsync() => _blog.DisposeAsync();

    [Fact]
    public async Task The_same_form_sent_again_gets_the_first_answer_and_makes_no_second_comment()
    {
        using var mina = _blog.Visitor();
        var form = NewKey();
        using var first = await mina.CommentAsync("slow-coffee", "Once.", form);

        using var again = await mina.CommentAsync("slow-coffee", "Once.", form);

        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Single(await _blog.CommentsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_browser_that_sends_the_same_form_gets_the_answer_and_no_right_to_the_comment(bool isKnown)
    {
        using var mina = _blog.Visitor();
        using var thief = _blog.Visitor();
        var form = NewKey();
        form["Email"] = "mina@example.com";
        if (isKnown)
        {
            await thief.MustCommentAsync("slow-coffee", "Of my own.");
        }

        var cookie = thief.Cookie;
        var first = await mina.MustCommentAsync("slow-coffee", "Once.", form);

        using var page = await thief.CommentAsync("slow-coffee", "Once.", form);
        using var json = await thief.CommentAsync("slow-coffee", "Once.", form, request => request.Headers.Add("Accept", "application/json"));

        Assert.Equal(first, Visitor.CommentId(page));
        Assert.False(page.Headers.Contains("Set-Cookie"));
        Assert.False(json.Headers.Contains("Set-Cookie"));
        Assert.Equal(cookie, thief.Cookie);
        using var edit = await thief.PostAsync($"/posts/slow-coffee/comments/{first}/edit", new FormUrlEncodedContent([new("Body", "Mine now.")]));
        Assert.Equal(HttpStatusCode.Forbidden, edit.StatusCode);
        Assert.DoesNotContain("mina@example.com", await thief.ReadAsync("/posts/slow-coffee"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_writer_with_the_same_key_and_other_words_makes_a_comment_of_their_own()
    {
        using var mina = _blog.Visitor();
        using var joon = _blog.Visitor("Joon");
        var form = NewKey();
        var first = await mina.MustCommentAsync("slow-coffee", "A text.", form);

        var second = await joon.MustCommentAsync("slow-coffee", "Another text.", form);

        Assert.NotEqual(first, second);
        Assert.NotEqual(mina.Cookie, joon.Cookie);
        Assert.Equal(first, await mina.MustCommentAsync("slow-coffee", "A text.", form));
    }

    [Fact]
    public async Task A_form_sent_again_after_an_edit_is_a_repeat_still()
    {
        using var mina = _blog.Visitor();
        var form = NewKey();
        var first = await mina.MustCommentAsync("slow-coffee", "Frist.", form);
        foreach (var body in new[] { "First.", "First!" })
        {
            using var edit = await mina.PostAsync($"/posts/slow-coffee/comments/{first}/edit", new FormUrlEncodedContent([new("Body", body)]));
            Assert.Equal(HttpStatusCode.SeeOther, edit.StatusCode);
        }

        Assert.Equal(first, await mina.MustCommentAsync("slow-coffee", "Frist.", form));
        Assert.Equal("First!", Assert.Single(await _blog.CommentsAsync()).Body);
    }

    [Fact]
    public async Task A_form_sent_again_under_the_new_name_of_the_account_is_a_repeat_still()
    {
        using var mina = await AccountVisitor.SignedInAsync(_blog);
        var form = new Dictionary<string, string> { ["Body"] = "Once.", ["IdempotencyKey"] = Guid.NewGuid().ToString() };
        var first = await mina.PostAsync("/posts/slow-coffee/comments", form);
        (await mina.SubmitAsync("/account", "profile", ("Name", "Somebody New"))).MustLeadTo("/account?done=saved");

        var again = await mina.PostAsync("/posts/slow-coffee/comments", form);

        Assert.Equal((HttpStatusCode.SeeOther, first.Location), (again.Status, again.Location));
        Assert.Single(await _blog.CommentsAsync());
    }

    [Fact]
    public async Task Twenty_copies_of_one_form_at_once_make_one_comment()
    {
        using var mina = _blog.Visitor();
        var form = NewKey();

        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => mina.MustCommentAsync("slow-coffee", "Impatient.", form)));

        Assert.Single(ids.Distinct());
        Assert.Single(await _blog.CommentsAsync());
    }

    [Theory]
    [InlineData("Body", "Another text.")]
    [InlineData("Name", "Somebody Else")]
    public async Task A_key_that_was_used_for_something_else_is_refused_and_the_text_kept(string field, string value)
    {
        using var mina = _blog.Visitor();
        var key = NewKey();
        await mina.MustCommentAsync("slow-coffee", "A text.", key);

        using var response = await mina.CommentAsync("slow-coffee", "A text.", new(key) { [field] = value });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var form = FormResponse.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(value, field == "Body" ? form.Body : form.Value(field));
        Assert.Single(await _blog.CommentsAsync());
    }

    [Fact]
    public async Task A_key_belongs_to_one_post()
    {
        await _blog.AddPostAsync("Fast tea");
        using var mina = _blog.Visitor();
        var form = NewKey();
        var here = await mina.MustCommentAsync("slow-coffee", "A text.", form);

        var there = await mina.MustCommentAsync("fast-tea", "A text.", form);

        Assert.NotEqual(here, there);
    }

    [Fact]
    public async Task Without_a_key_and_a_cookie_the_same_page_sent_twice_is_one_comment()
    {
        using var mina = _blog.Visitor();
        var page = FormResponse.Parse(await mina.ReadAsync("/posts/slow-coffee"));
        var form = new Dictionary<string, string?> { ["RenderedAt"] = page.Value("RenderedAt") };
        var other = new Dictionary<string, string?> { ["RenderedAt"] = page.Value("RenderedAt"), ["Name"] = "Joon" };

        // A double click: neither request knows of the answer to the other.
        var ids = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            using var browser = _blog.Visitor();
            return await browser.MustCommentAsync("slow-coffee", "Impatient.", form);
        }));
        await mina.MustCommentAsync("slow-coffee", "Another text.", form);
        using var joon = _blog.Visitor("Joon");
        await joon.MustCommentAsync("slow-coffee", "Impatient.", other);

        Assert.Single(ids.Distinct());
        Assert.Equal(3, (await _blog.CommentsAsync()).Count);
    }

    [Fact]
    public async Task Without_a_key_the_same_guest_and_text_within_ten_minutes_is_a_repeat()
    {
        using var mina = _blog.Visitor();
        var first = await mina.MustCommentAsync("slow-coffee", "No script here.");
        _clock.Advance(TimeSpan.FromMinutes(9));

        var repeat = await mina.MustCommentAsync("slow-coffee", "No script here.");
        _clock.Advance(TimeSpan.FromMinutes(2));
        var later = await mina.MustCommentAsync("slow-coffee", "No script here.");

        Assert.Equal(first, repeat);
        Assert.NotEqual(first, later);
        Assert.Equal(2, (await _blog.CommentsAsync()).Count);
    }

    [Fact]
    public async Task Without_a_key_another_guest_another_text_or_another_parent_is_no_repeat()
    {
        using var mina = _blog.Visitor();
        using var joon = _blog.Visitor("Joon");
        var first = await mina.MustCommentAsync("slow-coffee", "+1");
        await joon.MustCommentAsync("slow-coffee", "+1");
        await mina.MustCommentAsync("slow-coffee", "+2");
        await mina.MustCommentAsync("slow-coffee", "+1", new() { ["ParentId"] = first.ToString() });

        Assert.Equal(4, (await _blog.CommentsAsync()).Count);
    }

    [Fact]
    public async Task A_repeat_is_answered_also_after_the_thread_was_closed()
    {
        using var mina = _blog.Visitor();
        var form = NewKey();
        var first = await mina.MustCommentAsync("slow-coffee", "In time.", form);
        await _blog.ChangeAsync(db => db.Posts.Single().CommentsClosedAt = _clock.GetUtcNow());

        Assert.Equal(first, await mina.MustCommentAsync("slow-coffee", "In time.", form));
    }

    private static Dictionary<string, string?> NewKey() => new() { ["IdempotencyKey"] = Guid.NewGuid().ToString() };
}
