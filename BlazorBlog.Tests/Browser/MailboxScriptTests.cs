using BlazorBlog.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

public sealed class MailboxScriptTests(SeededBlog blog, Chromium chromium) : IClassFixture<SeededBlog>, IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private IPage _mailbox = null!;

    public async ValueTask InitializeAsync()
    {
        _mailbox = await chromium.OpenAsync(blog.Address);
        _mailbox.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
    }

    [Fact]
    public async Task A_posted_comment_shows_up_in_the_open_mailbox_and_disturbs_nothing()
    {
        await _mailbox.GotoAsync("/dev/mailbox?q=first+visit");
        await CommentAsync("Nari", "My first visit");
        var notice = Message("New comment on The outbox", "My first visit");
        await Expect(notice).ToHaveCountAsync(1);
        await Expect(notice.Locator(".state").First).ToHaveTextAsync("Accepted");
        await notice.GetByText("Preview", new() { Exact = true }).ClickAsync();
        await Expect(notice.FrameLocator("iframe").GetByText("My first visit")).ToBeVisibleAsync();
        await _mailbox.EvaluateAsync("document.querySelector('iframe').seen = true");
        await _mailbox.EvaluateAsync("scrollTo(0, 200)");
        var before = await notice.BoundingBoxAsync();

        await CommentAsync("Bo", "Your first visit?", email: "bo@example.com");

        await Expect(Message("New comment on The outbox", "Your first visit?")).ToHaveCountAsync(1);
        await Expect(notice.FrameLocator("iframe").GetByText("My first visit")).ToBeVisibleAsync();
        Assert.True(await _mailbox.EvaluateAsync<bool>("[...document.querySelectorAll('iframe')].some(frame => frame.seen)"), "The open preview was made anew.");
        Assert.Equal(before!.Y, (await notice.BoundingBoxAsync())!.Y, tolerance: 2.0);
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task A_guest_who_asks_for_replies_gets_a_mail_whose_link_can_be_opened()
    {
        await _mailbox.GotoAsync("/dev/mailbox");
        await CommentAsync("Sora", "Tell me more", email: "sora@example.com", notify: true);

        var question = Message("Confirm your address for replies");
        await Expect(question.GetByText("Sora <sora@example.com>").First).ToBeVisibleAsync();
        await Expect(question.Locator(".state").First).ToHaveTextAsync("Accepted");
        await question.GetByText("Text", new() { Exact = true }).ClickAsync();
        var link = question.Locator(".text a");
        await Expect(link).ToBeVisibleAsync();
        await _mailbox.GotoAsync(new Uri((await link.GetAttributeAsync("href"))!).AbsolutePath);
        await _mailbox.GetByRole(AriaRole.Button, new() { Name = "Confirm my address" }).ClickAsync();
        await Expect(_mailbox.GetByRole(AriaRole.Heading, new() { Name = "Your address is confirmed" })).ToBeVisibleAsync();
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task A_notice_that_nobody_gets_is_listed_with_its_reason()
    {
        await _mailbox.GotoAsync("/dev/mailbox");

        var unsent = _mailbox.GetByRole(AriaRole.Region, new() { Name = "Not sent" });
        await Expect(unsent.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "The recipient did not ask for replies" }).First).ToBeVisibleAsync();
        await Expect(unsent.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "The recipient wrote the comment" }).First).ToBeVisibleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_mailbox is not null)
        {
            await _mailbox.Context.CloseAsync();
        }
    }

    private ILocator Message(string subject, string text = "") =>
        _mailbox.GetByRole(AriaRole.Article).Filter(new() { HasText = subject }).Filter(new() { HasText = text });

    /// <summary>Posts through the form, in a browser of its own.</summary>
    private async Task CommentAsync(string name, string body, string email = "", bool notify = false)
    {
        var page = await chromium.OpenAsync(blog.Address);
        await page.GotoAsync("/posts/the-outbox");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Email", new() { Exact = true }).FillAsync(email);
        await page.GetByLabel("Comment", new() { Exact = true }).FillAsync(body);
        await page.GetByLabel("Email me about replies").SetCheckedAsync(notify);
        await page.GetByRole(AriaRole.Button, new() { Name = "Post comment" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article).Filter(new() { HasText = body }).Last).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
