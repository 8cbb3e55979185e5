using BlazorBlog.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>What the product is for, seen by the people it is for: a reader comments, and the author is told.</summary>
public sealed class StoryTests(RunningBlog blog, Chromium chromium) : IClassFixture<RunningBlog>, IClassFixture<Chromium>, IDisposable
{
    private const string Post = "/posts/three-shapes-of-time";

    private readonly List<string> _errors = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_comments_and_the_author_gets_a_mail_and_an_sms(bool javaScript)
    {
        var words = $"A story {(javaScript ? "with" : "without")} scripts";
        var page = await OpenAsync(javaScript);
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Three shapes of time in C#" }).ClickAsync();
        await FillAsync(page, "Kevin", words);
        await page.GetByRole(AriaRole.Button, new() { Name = "Post comment" }).ClickAsync();

        var own = page.GetByRole(AriaRole.Region, new() { Name = "Comments" }).GetByRole(AriaRole.Article).Filter(new() { HasText = words });
        await Expect(own).ToBeVisibleAsync();
        await Expect(own).ToHaveCountAsync(1);

        await ExpectInMailboxAsync(page, "author3@example.com", words);
        await ExpectInMailboxAsync(page, "+821000000003", "Kevin commented on");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reply_names_whom_it_answers_and_stands_below(bool javaScript)
    {
        var page = await OpenAsync(javaScript);
        await page.GotoAsync(Post);
        if (javaScript)
        {
            await Expect(page.Locator("[data-live]")).ToBeVisibleAsync();
        }

        var answered = page.GetByRole(AriaRole.Region, new() { Name = "Comments" }).GetByRole(AriaRole.Article).First;
        var name = await answered.Locator("h3").InnerTextAsync();
        await answered.GetByText("Reply", new() { Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Form, new() { Name = $"Reply to {name}" })).ToBeVisibleAsync();
        var words = $"An answer {(javaScript ? "with" : "without")} scripts";
        await FillAsync(page, "Mira", words);
        await page.GetByRole(AriaRole.Button, new() { Name = "Post comment" }).ClickAsync();

        var id = await answered.GetAttributeAsync("id");
        await Expect(page.Locator($"li:has(> article#{id}) ol").GetByText(words)).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Form, new() { Name = "Leave a comment" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_scripts_a_mistake_is_answered_in_the_form_with_the_text_kept()
    {
        var page = await OpenAsync(javaScript: false);
        await page.GotoAsync(Post);
        await page.GetByLabel("Comment", new() { Exact = true }).FillAsync("I forgot my name");
        await page.GetByRole(AriaRole.Button, new() { Name = "Post comment" }).ClickAsync();

        await Expect(page.GetByText("Enter your name.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Comment", new() { Exact = true })).ToHaveValueAsync("I forgot my name");
        await FillAsync(page, "Otto", "I forgot my name, here it is");
        await page.GetByRole(AriaRole.Button, new() { Name = "Post comment" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article).Filter(new() { HasText = "here it is" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_is_typed_before_while_and_after_scripts_and_circuit_start_stays()
    {
        var page = await OpenAsync(javaScript: true);
        var ownScript = await HoldAsync(page, "**/comment-form.js");
        var blazorScript = await HoldAsync(page, "**/blazor.web*.js");
        await page.GotoAsync(Post, new() { WaitUntil = WaitUntilState.Commit });
        var body = page.GetByLabel("Comment", new() { Exact = true });

        await body.PressSequentiallyAsync("Before any script, ");
        ownScript.SetResult();
        await Expect(page.Locator("[data-part=preview]")).ToBeVisibleAsync();
        await body.PressSequentiallyAsync("before Blazor's, ");
        blazorScript.SetResult();
        await body.PressSequentiallyAsync("while the circuit starts, ");
        await Expect(page.Locator("[data-live]")).ToBeVisibleAsync();
        await body.PressSequentiallyAsync("and after.");

        await Expect(body).ToHaveValueAsync("Before any script, before Blazor's, while the circuit starts, and after.");
        await Expect(body).ToBeFocusedAsync();
        await page.ReloadAsync();
        await Expect(body).ToHaveValueAsync("Before any script, before Blazor's, while the circuit starts, and after.");
    }

    [Fact]
    public async Task A_comment_of_another_reader_appears_without_touching_what_is_being_typed()
    {
        var reader = await OpenAsync(javaScript: true);
        await reader.GotoAsync(Post);
        await Expect(reader.Locator("[data-live]")).ToBeVisibleAsync();
        var body = reader.GetByLabel("Comment", new() { Exact = true });
        await body.PressSequentiallyAsync("Half a sente");

        using var answer = await blog.Process.CommentAsync("three-shapes-of-time", "Seen at once by everybody", "Yuna");

        await Expect(reader.GetByRole(AriaRole.Article).Filter(new() { HasText = "Seen at once by everybody" })).ToBeVisibleAsync();
        await Expect(body).ToHaveValueAsync("Half a sente");
        await Expect(body).ToBeFocusedAsync();
    }

    public void Dispose() => Assert.Empty(_errors);

    /// <summary>Keeps a file from arriving until the answer is completed.</summary>
    private static async Task<TaskCompletionSource> HoldAsync(IPage page, string url)
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(url, async route =>
        {
            await released.Task;
            await route.ContinueAsync();
        });
        return released;
    }

    private static async Task FillAsync(IPage page, string name, string body)
    {
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Comment", new() { Exact = true }).FillAsync(body);
    }

    private static async Task ExpectInMailboxAsync(IPage page, string to, string words)
    {
        var message = page.GetByRole(AriaRole.Article).Filter(new() { HasText = to }).Filter(new() { HasText = words });
        await Eventually.WaitUntilAsync(
            async () =>
            {
                await page.GotoAsync("/dev/mailbox");
                return await message.CountAsync() > 0;
            },
            $"a message to {to} with \"{words}\" came into the mailbox");
    }

    /// <summary>A page whose errors in the console fail the test.</summary>
    private async Task<IPage> OpenAsync(bool javaScript)
    {
        var page = await chromium.OpenAsync(blog.Process.Address, javaScript);
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) =>
        {
            // The browser counts the refusal of a form, which the test provokes, among the errors.
            if (message.Type == "error" && !message.Text.Contains("422", StringComparison.Ordinal))
            {
                _errors.Add(message.Text);
            }
        };
        return page;
    }
}
