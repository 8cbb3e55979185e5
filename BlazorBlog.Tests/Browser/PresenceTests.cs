using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>Whoever reads the answer in the open thread gets no mail about it; whoever leaves before gets one.</summary>
public sealed class PresenceTests(AccountBlog site, Chromium chromium) : IClassFixture<AccountBlog>, IClassFixture<Chromium>, IAsyncLifetime
{
    private static int _posts;

    private readonly DatabaseBlog _node = DatabaseBlog.Open(site.Blog.Database);
    private string _slug = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _slug = (await _node.AddPostAsync($"present-{Interlocked.Increment(ref _posts)}")).Slug;

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task An_answer_that_is_read_in_the_open_thread_is_not_mailed()
    {
        var (page, own) = await OpenAsWriterAsync();

        await AnswerAsync(own, "Here is your answer");
        await Expect(page.GetByText("Here is your answer")).ToBeInViewportAsync();

        var delivery = await Eventually.WaitForAsync(() => FinishedAsync(own), "the mail about the answer was settled");
        Assert.Equal((DeliveryState.NotSent, NotSentReason.SeenLive), (delivery.State, delivery.Reason!.Value));
    }

    [Fact]
    public async Task An_answer_that_came_after_the_window_was_closed_is_mailed_and_so_is_one_that_was_never_in_sight()
    {
        var (page, own) = await OpenAsWriterAsync();
        // The top of the page, far above the thread.
        await page.SetViewportSizeAsync(800, 200);
        await page.EvaluateAsync("scrollTo(0, 0)");
        await AnswerAsync(own, "Nobody looks at this");
        await Expect(page.GetByText("Nobody looks at this")).ToHaveCountAsync(1);
        var waiting = await Eventually.WaitForAsync(() => FindAsync(own), "the mail was planned");
        Assert.Equal(DeliveryState.Pending, waiting.State);

        await page.CloseAsync();

        var delivery = await Eventually.WaitForAsync(() => FinishedAsync(own), "the mail about the answer was settled");
        Assert.Equal(DeliveryState.Accepted, delivery.State);
    }

    /// <summary>A page whose reader has just commented and wants mail about answers.</summary>
    private async Task<(IPage Page, Guid Own)> OpenAsWriterAsync()
    {
        var page = await chromium.OpenPostAsync(site.Address, _slug);
        await page.GetByLabel("Email", new() { Exact = true }).FillAsync($"{_slug}@reader.example.org");
        await page.GetByLabel("Email me about replies").CheckAsync();
        var own = await page.CommentAsync("Kim", "A question");
        await using (var db = _node.OpenContext())
        {
            var guest = await db.Guests.SingleAsync(guest => db.Comments.Any(comment => comment.Id == own && comment.GuestId == guest.Id), Cancel);
            guest.ConfirmEmail(_node.Get<TimeProvider>().GetUtcNow());
            await db.SaveChangesAsync(Cancel);
        }

        await Eventually.WaitUntilAsync(
            async () =>
            {
                await using var db = _node.OpenContext();
                return await db.ThreadReaders.AnyAsync(reader => db.Posts.Any(post => post.Id == reader.PostId && post.Slug == _slug), Cancel);
            },
            "the blog knew that the writer reads the thread");
        return (page, own);
    }

    private async Task AnswerAsync(Guid own, string words)
    {
        using var ben = site.Blog.Visitor("Ben");
        await ben.MustCommentAsync(_slug, words, new() { ["ParentId"] = own.ToString() });
    }

    private async Task<Delivery?> FinishedAsync(Guid own) => await FindAsync(own) is { IsFinished: true } delivery ? delivery : null;

    /// <summary>The mail to the writer about the answer to their comment.</summary>
    private async Task<Delivery?> FindAsync(Guid own)
    {
        await using var db = _node.OpenContext();
        return await db.Deliveries.AsNoTracking().SingleOrDefaultAsync(
            delivery => delivery.Event == NotificationEvent.CommentPublished && delivery.RecipientKey.StartsWith("guest:")
                && db.Comments.Any(comment => comment.Id == delivery.CommentId && comment.ParentId == own)
                && delivery.Reason != NotSentReason.OwnComment,
            Cancel);
    }
}
