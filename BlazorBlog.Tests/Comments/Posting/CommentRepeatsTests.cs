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
        var form = new Dictionary<string, string?> { ["IdempotencyKey"] = "4c1f6f0e-0001" };
        using var first = await mina.CommentAsync("slow-coffee", "Once.", form);

        using var again = await mina.CommentAsync("slow-coffee", "Once.", form);

        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Single(await _blog.CommentsAsync());
    }

    [Fact]
    public async Task Whoever_lost_the_first_answer_gets_the_same_comment_and_the_same_guest()
    {
        using var mina = _blog.Visitor();
        var form = new Dictionary<string, string?> { ["IdempotencyKey"] = "4c1f6f0e-0002" };
        var first = await mina.MustCommentAsync("slow-coffee", "Once.", form);
        mina.Cookie = null;

        var again = await mina.MustCommentAsync("slow-coffee", "Once.", form);
        await mina.MustCommentAsync("slow-coffee", "Twice.");

        Assert.Equal(first, again);
        Assert.Single((await _blog.CommentsAsync()).Select(comment => comment.GuestId).Distinct());
    }

    [Fact]
    public async Task Twenty_copies_of_one_form_at_once_make_one_comment()
    {
        using var mina = _blog.Visitor();
        var form = new Dictionary<string, string?> { ["IdempotencyKey"] = "4c1f6f0e-0003" };

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
        await mina.MustCommentAsync("slow-coffee", "A text.", new() { ["IdempotencyKey"] = "4c1f6f0e-0004" });

        using var response = await mina.CommentAsync("slow-coffee", "A text.", new() { ["IdempotencyKey"] = "4c1f6f0e-0004", [field] = value });

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
        await mina.MustCommentAsync("slow-coffee", "A text.", new() { ["IdempotencyKey"] = "4c1f6f0e-0005" });

        using var response = await mina.CommentAsync("fast-tea", "A text.", new() { ["IdempotencyKey"] = "4c1f6f0e-0005" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
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
        var form = new Dictionary<string, string?> { ["IdempotencyKey"] = "4c1f6f0e-0006" };
        var first = await mina.MustCommentAsync("slow-coffee", "In time.", form);
        await _blog.ChangeAsync(db => db.Posts.Single().CommentsClosedAt = _clock.GetUtcNow());

        Assert.Equal(first, await mina.MustCommentAsync("slow-coffee", "In time.", form));
    }
}
