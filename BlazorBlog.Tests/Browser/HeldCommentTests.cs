using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>A blog on which every comment waits for approval.</summary>
public sealed class HeldCommentTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Slug = "held";

    private TestBlog _blog = null!;
    private DatabaseBlog _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _blog = await SeededBlog.StartAsync(options => options.Settings["Comments:Moderation"] = "All");
        _node = DatabaseBlog.Open(_blog.Database, settings: ("Comments:Moderation", "All"));
        await _node.AddPostAsync(Slug);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _blog.DisposeAsync();
    }

    [Fact]
    public async Task Its_writer_sees_it_wait_and_everybody_sees_it_once_it_is_approved()
    {
        var writer = await chromium.OpenPostAsync(_blog.Address, Slug);
        var reader = await chromium.OpenPostAsync(_blog.Address, Slug);
        var waiting = writer.GetByRole(AriaRole.Region, new() { Name = "Waiting for approval" });

        var id = await writer.CommentAsync("Ada", "Kindly **look** at this");
        await Expect(waiting).ToContainTextAsync("Kindly look at this");
        await Expect(writer.GetByText("Your comment appears as soon as it is approved.")).ToBeVisibleAsync();
        await writer.ReloadAsync();
        await Expect(waiting).ToContainTextAsync("Kindly look at this");
        await writer.ExpectLiveAsync();
        await writer.EvaluateAsync("window.sameVisit = true");
        Assert.DoesNotContain("Kindly", await reader.ContentAsync(), StringComparison.Ordinal);

        await _node.MustModerateAsync(service => service.ApproveAsync(id, Cancel));

        foreach (var page in new[] { writer, reader })
        {
            await Expect(page.Card(id)).ToContainTextAsync("Kindly look at this");
            await page.ExpectNotReloadedAsync();
        }

        await Expect(waiting).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Moderators_hear_of_it_at_once_and_readers_only_when_it_is_approved()
    {
        var writer = await chromium.OpenPostAsync(_blog.Address, Slug);
        var id = await writer.CommentAsync("Ada", "Look after me");

        var held = await Eventually.WaitForAsync(() => SentAsync(id, NotificationEvent.CommentHeld), "the author was told that a comment waits");
        Assert.StartsWith("user:", held.RecipientKey, StringComparison.Ordinal);
        Assert.Null(await SentAsync(id, NotificationEvent.CommentPublished));

        await _node.MustModerateAsync(service => service.ApproveAsync(id, Cancel));
        await Eventually.WaitForAsync(() => SentAsync(id, NotificationEvent.CommentPublished), "the author was told of the comment");

        var mailbox = await chromium.OpenAsync(_blog.Address);
        await mailbox.GotoAsync("/dev/mailbox");
        await Expect(mailbox.GetByRole(AriaRole.Article).Filter(new() { HasText = "1 comment waits for approval" }).First).ToBeVisibleAsync();
    }

    private async Task<Delivery?> SentAsync(Guid commentId, NotificationEvent what)
    {
        await using var db = _node.OpenContext();
        return await db.Deliveries.AsNoTracking()
            .FirstOrDefaultAsync(delivery => delivery.CommentId == commentId && delivery.Event == what && delivery.State == DeliveryState.Accepted, Cancel);
    }
}
