using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>A browser that loses its server, for a while or for good: the thread ends equal to the database, and no word is lost.</summary>
public sealed class LostConnectionTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Slug = "breaks";

    private readonly TemporaryDirectory _directory = new();
    private TestBlog _server = null!;
    private DatabaseBlog _node = null!;
    private NetworkLink _link = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync();
        _node = DatabaseBlog.Open(_server.Database);
        await _node.AddPostAsync(Slug);
        _link = new NetworkLink(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _link.DisposeAsync();
        await _node.DisposeAsync();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task After_a_while_offline_the_same_page_catches_up()
    {
        var first = await CommentAsync("Before the break");
        var page = await OpenAsync();
        await page.Body().PressSequentiallyAsync("Half a thou");

        _link.Cut();
        await Expect(page.GetByText("Connection lost")).ToBeVisibleAsync();
        await CommentAsync("While it was away", first);
        await _node.UseAsync(service => service.ReactAsync(Slug, first, default, Reaction.Like, wanted: true, Cancel));
        await page.Body().PressSequentiallyAsync("ght");
        _link.LeadTo(_server.Address);

        await page.ExpectEqualToDatabaseAsync(_node, Slug);
        await Expect(page.GetByText("Connection lost")).ToBeHiddenAsync();
        await Expect(page.Body()).ToHaveValueAsync("Half a thought");
        await Expect(page.Body()).ToBeFocusedAsync();
        await page.ExpectNotReloadedAsync();
        await CommentAsync("And on it goes");
        await page.ExpectEqualToDatabaseAsync(_node, Slug);
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_thread_is_new_and_the_draft_is_the_old_one()
    {
        var first = await CommentAsync("Before the restart");
        var removed = await CommentAsync("To be removed");
        // In a process of its own, which can be killed.
        await using var before = await BlogProcess.StartAsync(_server.Database);
        _link.LeadTo(before.Address);
        var page = await OpenAsync();
        await page.Card(first).Locator("[data-reply]").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Kim");
        await page.Body().PressSequentiallyAsync("Not sent yet");

        _link.Cut();
        await before.KillAsync();
        await CommentAsync("While nobody listened", first);
        await _node.MustModerateAsync(service => service.RemoveAsync(removed, Cancel));
        await using var after = await BlogProcess.StartAsync(_server.Database);
        _link.LeadTo(after.Address);

        await page.ExpectEqualToDatabaseAsync(_node, Slug);
        await Expect(page.GetByRole(AriaRole.Form, new() { Name = "Reply to Grace" })).ToBeVisibleAsync();
        await Expect(page.Body()).ToHaveValueAsync("Not sent yet");
        await Expect(page.Body()).ToBeFocusedAsync();
        await Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Kim");
        await page.ExpectLiveAsync();
        await CommentAsync("Live again");
        await page.ExpectEqualToDatabaseAsync(_node, Slug);
    }

    [Fact]
    public async Task Whoever_only_reads_is_live_again_at_the_place_that_was_read()
    {
        var ids = await AddAsync(45);
        var page = await OpenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show more" }).ClickAsync();
        var read = page.Card(ids[33]);
        await read.EvaluateAsync("element => element.scrollIntoView({ block: 'start' })");
        await page.EvaluateAsync("document.activeElement?.blur()");
        var (_, before) = await page.PlaceAsync(read);

        _link.Cut();
        await _server.StopAsync();
        await CommentAsync("An answer far above", ids[1]);
        _server = await StartAsync();
        _link.LeadTo(_server.Address);

        await ExpectNewAndLiveAsync(page);
        await Eventually.WaitUntilAsync(
            async () => await read.CountAsync() == 1 && Math.Abs((await page.PlaceAsync(read)).Top - before) < 2, "what was read stood where it had stood");
        var news = await CommentAsync("Live again", ids[33]);
        await Expect(page.Card(news)).ToContainTextAsync("Live again");
    }

    [Theory]
    // What Blazor does when a circuit cannot go on.
    [InlineData("document.getElementById('blazor-error-ui').style.display = 'block'")]
    // What it does when the page is left, and what the browser says when the way back shows it as it was.
    [InlineData("Blazor.disconnect(); dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")]
    public async Task A_circuit_that_ended_becomes_a_new_page_with_the_old_draft(string end)
    {
        await CommentAsync("Before");
        var page = await OpenAsync();
        await page.Body().PressSequentiallyAsync("Kept");
        await page.EvaluateAsync(end);

        await ExpectNewAndLiveAsync(page);
        await Expect(page.Body()).ToHaveValueAsync("Kept");
    }

    [Fact]
    public async Task A_link_that_was_followed_while_the_connection_was_away_leads_to_its_comment_when_it_is_back()
    {
        var ids = await AddAsync(45);
        var page = await OpenAsync();
        _link.Cut();
        await Expect(page.GetByText("Connection lost")).ToBeVisibleAsync();
        await page.EvaluateAsync("id => { location.hash = `#comment-${id}`; }", ids[42]);
        await Expect(page.Card(ids[42])).ToHaveCountAsync(0);

        _link.LeadTo(_server.Address);

        await Expect(page.Card(ids[42])).ToBeInViewportAsync();
        await page.ExpectNotReloadedAsync();
    }

    [Fact]
    public async Task What_a_circuit_did_not_hear_it_is_told_again()
    {
        var ids = await AddAsync(45);
        var page = await OpenAsync();
        // As when the island is replaced, or the connection is lost, between the change of the field and its arrival.
        await page.EvaluateAsync(
            """
            () => window.addEventListener("change", event => {
                if (event.target.matches("[data-say]") && !window.wasLost) {
                    window.wasLost = true;
                    event.stopImmediatePropagation();
                }
            }, true)
            """);

        await page.EvaluateAsync("id => { location.hash = `#comment-${id}`; }", ids[42]);

        await Expect(page.Card(ids[42])).ToBeInViewportAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.wasLost"));
    }

    [Fact]
    public async Task A_circuit_that_was_given_back_is_taken_up_again_as_it_was_even_by_a_new_server()
    {
        var ids = await AddAsync(45);
        var page = await OpenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show more" }).ClickAsync();
        await Expect(page.Card(ids[39])).ToHaveCountAsync(1);
        await page.Body().PressSequentiallyAsync("Half a thou");
        // What the script does when nobody has looked for long.
        await page.EvaluateAsync("Blazor.pauseCircuit()");
        _link.Cut();
        await _server.StopAsync();
        var news = await CommentAsync("While nobody looked", ids[1]);
        _server = await StartAsync();
        _link.LeadTo(_server.Address);

        await page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");

        await Expect(page.Card(news)).ToHaveCountAsync(1);
        await Expect(page.Card(ids[39])).ToHaveCountAsync(1);
        await Expect(page.Body()).ToHaveValueAsync("Half a thou");
        await Expect(page.Body()).ToBeFocusedAsync();
        var later = await CommentAsync("Live again", ids[1]);
        await Expect(page.Card(later)).ToHaveCountAsync(1);
        await page.ExpectNotReloadedAsync();
    }

    [Fact]
    public async Task Whoever_is_signed_in_is_live_again_after_a_restart()
    {
        const string password = "seven slow trains at dusk";
        var mina = await TestPeople.AddAsync(_node.Services, Roles.Reader, user =>
        {
            user.DisplayName = "Mina Park";
            user.PasswordHash = _node.Get<IPasswordHasher<BlogUser>>().HashPassword(user, password);
        });
        var page = await chromium.OpenAsync(_link.Address);
        await page.GotoAsync($"/account/login?returnUrl={Uri.EscapeDataString($"/posts/{Slug}")}");
        await page.FillInAsync("Email", mina.Email!);
        await page.FillInAsync("Password", password);
        await page.SubmitAsync("Sign in");
        await page.ExpectLiveAsync();
        await page.EvaluateAsync("window.sameVisit = true");
        await Expect(page.GetByText("You comment as Mina Park")).ToBeVisibleAsync();
        await page.Body().PressSequentiallyAsync("Not sent yet");

        _link.Cut();
        await _server.StopAsync();
        await CommentAsync("While nobody listened");
        _server = await StartAsync();
        _link.LeadTo(_server.Address);

        await ExpectNewAndLiveAsync(page);
        await page.ExpectEqualToDatabaseAsync(_node, Slug);
        await Expect(page.Body()).ToHaveValueAsync("Not sent yet");
    }

    [Fact]
    public async Task A_comment_that_could_not_be_sent_is_sent_once_when_the_server_is_back()
    {
        var page = await OpenAsync();
        _link.Cut();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Kim");
        await page.Body().FillAsync("Sent into the void");
        await page.GetByRole(AriaRole.Button, new() { Name = "Post comment" }).ClickAsync();
        await Expect(page.GetByText("Could not be sent. Your text is safe.")).ToBeVisibleAsync();
        await Expect(page.Body()).ToHaveValueAsync("Sent into the void");

        _link.LeadTo(_server.Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(page.Locator(".comments article")).ToContainTextAsync("Sent into the void");
        await page.ExpectEqualToDatabaseAsync(_node, Slug);
        await Expect(page.Locator(".comments article")).ToHaveCountAsync(1);
    }

    private static Task ExpectNewAndLiveAsync(IPage page) => Eventually.WaitUntilAsync(
        async () =>
        {
            try
            {
                return await page.EvaluateAsync<bool>("!window.sameVisit && document.querySelector('[data-say]') !== null");
            }
            catch (PlaywrightException)
            {
                // Just being loaded.
                return false;
            }
        },
        "the page was loaded again and was live");

    private Task<TestBlog> StartAsync() => AccountBlog.StartAsync(options => options.Folder = _directory.Path);

    private Task<IPage> OpenAsync() => chromium.OpenPostAsync(_link.Address, Slug);

    private async Task<List<Guid>> AddAsync(int count)
    {
        var ids = new List<Guid>();
        for (var number = 0; number < count; number++)
        {
            ids.Add(await CommentAsync($"Comment number {number}"));
        }

        return ids;
    }

    private async Task<Guid> CommentAsync(string body, Guid? parentId = null) =>
        Assert.IsType<CommentOutcome.Saved>(await _node.CommentAsync(Slug, body, parentId: parentId)).CommentId;
}
