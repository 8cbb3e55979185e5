using BlazorBlog.Comments;
using BlazorBlog.Comments.Editing;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Support;
using BlazorBlog.Threads;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>
/// Several people at one thread, in real browsers. Moderators act on a second node, which opens the same file: what they do reaches the
/// browsers of the first as from any other process.
/// </summary>
public sealed class LiveThreadTests(AccountBlog site, Chromium chromium) : IClassFixture<AccountBlog>, IClassFixture<Chromium>, IAsyncLifetime
{
    private static int _posts;

    private readonly List<string> _errors = [];
    private readonly DatabaseBlog _node = DatabaseBlog.Open(site.Blog.Database);
    private string _slug = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _slug = (await _node.AddPostAsync($"live-{Interlocked.Increment(ref _posts)}")).Slug;

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task What_one_reader_does_all_others_see_without_a_reload()
    {
        var (ada, ben, cleo) = (await OpenAsync(), await OpenAsync(), await OpenAsync());

        var root = await ada.CommentAsync("Ada", "The first word");
        await Expect(ben.Card(root)).ToContainTextAsync("The first word");
        await Expect(cleo.Card(root)).ToContainTextAsync("The first word");
        await Expect(ada.Card(root)).ToHaveCountAsync(1);

        var reply = await ben.ReplyAsync(root, "Ben", "An answer");
        foreach (var page in new[] { ada, cleo, ben })
        {
            await Expect(page.Locator($"li:has(> #comment-{root}) ol").Locator($"#comment-{reply}")).ToContainTextAsync("An answer");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "2 comments" })).ToBeVisibleAsync();
        }

        await ada.Card(root).GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await ada.Body().FillAsync("A better word");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(ben.Card(root)).ToContainTextAsync("A better word");
        await Expect(ben.Card(root)).ToContainTextAsync("edited");
        await Expect(ada.GetByRole(AriaRole.Form, new() { Name = "Leave a comment" })).ToBeVisibleAsync();

        await cleo.Card(root).GetByLabel("React").ClickAsync();
        await cleo.Card(root).GetByRole(AriaRole.Button, new() { Name = "Love" }).ClickAsync();
        await Expect(ada.Card(root).GetByRole(AriaRole.Button, new() { Name = "Love, 1" })).ToBeVisibleAsync();
        await Expect(cleo.Card(root).GetByRole(AriaRole.Button, new() { Name = "Love, 1", Pressed = true })).ToBeVisibleAsync();
        await cleo.Card(root).GetByRole(AriaRole.Button, new() { Name = "Love, 1" }).ClickAsync();
        await Expect(ada.Card(root).GetByRole(AriaRole.Button, new() { Name = "Love, 1" })).ToHaveCountAsync(0);

        await ada.Card(root).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(ben.Card(root)).ToHaveTextAsync("This comment was removed.");
        await Expect(ben.Card(reply)).ToContainTextAsync("An answer");

        foreach (var page in new[] { ada, ben, cleo })
        {
            await page.ExpectNotReloadedAsync();
            await page.ExpectEqualToDatabaseAsync(_node, _slug);
        }
    }

    [Fact]
    public async Task What_a_moderator_does_is_seen_at_its_place()
    {
        var ids = await AddAsync("One", "Two", "Three");
        var page = await OpenAsync();

        await _node.MustModerateAsync(service => service.HideAsync(ids[1], Cancel));
        await Expect(page.Card(ids[1])).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "2 comments" })).ToBeVisibleAsync();

        await _node.MustModerateAsync(service => service.ApproveAsync(ids[1], Cancel));
        await Expect(page.Locator(".comments article .comment-body")).ToHaveTextAsync(["One", "Two", "Three"]);
        await page.ExpectNotReloadedAsync();
    }

    [Fact]
    public async Task The_page_stays_still_and_a_pill_leads_to_what_came_above()
    {
        var ids = await AddAsync([.. Enumerable.Range(1, 15).Select(number => $"Comment number {number}\n\nwith a second line")]);
        var page = await OpenAsync();
        var read = page.Card(ids[7]);
        await read.EvaluateAsync("element => element.scrollIntoView({ block: 'start' })");
        var before = await page.PlaceAsync(read);

        var below = await CommentAsync("Below the fold");
        await Expect(page.Card(below)).ToContainTextAsync("Below the fold");
        await Expect(page.Locator("[data-pill]")).ToBeHiddenAsync();

        var under = await CommentAsync("Under what is read", ids[7]);
        await Expect(page.Card(under)).ToContainTextAsync("Under what is read");
        await Expect(page.Locator("[data-pill]")).ToBeHiddenAsync();
        Assert.True((await page.Card(under).BoundingBoxAsync())!.Height > 40, "A reply under the comment that is read is shown.");

        var above = await CommentAsync("Above", ids[2]);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "1 new reply" })).ToBeVisibleAsync();
        await CommentAsync("Above again", ids[3]);
        var pill = page.GetByRole(AriaRole.Button, new() { Name = "2 new replies" });
        await Expect(pill).ToBeVisibleAsync();
        Assert.Equal(before, await page.PlaceAsync(read));

        await _node.MustModerateAsync(service => service.RemoveAsync(ids[13], Cancel));
        await Expect(page.Card(ids[13])).ToHaveCountAsync(0);
        await ReactAsync(ids[8]);
        await Expect(page.Card(ids[8]).GetByRole(AriaRole.Button, new() { Name = "Like, 1" })).ToHaveCountAsync(1);
        Assert.Equal(before, await page.PlaceAsync(read));

        await pill.ClickAsync();
        await Expect(page.Card(above)).ToBeInViewportAsync();
        await Expect(page.Card(above)).ToBeFocusedAsync();
        await Expect(pill).ToBeHiddenAsync();
        await page.ExpectEqualToDatabaseAsync(_node, _slug);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_grows_above_moves_nothing_in_a_browser_that_anchors_and_in_one_that_does_not(bool anchors)
    {
        var ids = await AddAsync([.. Enumerable.Range(1, 12).Select(number => $"Comment number {number}")]);
        var page = await chromium.OpenAsync(site.Address);
        if (!anchors)
        {
            await page.AddInitScriptAsync(
                """
                CSS.supports = () => false;
                document.addEventListener("DOMContentLoaded", () => { document.body.style.overflowAnchor = "none"; });
                """);
        }

        await page.GotoAsync($"/posts/{_slug}");
        await page.ExpectLiveAsync();
        var read = page.Card(ids[8]);
        await read.EvaluateAsync("element => element.scrollIntoView({ block: 'start' })");
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        var (_, before) = await page.PlaceAsync(read);

        var author = await AuthorAsync(ids[1]);
        Assert.IsType<CommentActionResult.Done>(await _node.UseAsync(service => service.EditCommentAsync(
            _slug, ids[1], author, string.Join("\n\n", Enumerable.Repeat("One more paragraph.", 12)), Cancel)));
        await Expect(page.Card(ids[1])).ToContainTextAsync("One more paragraph.");

        await Eventually.WaitUntilAsync(
            async () => Math.Abs((await page.PlaceAsync(read)).Top - before) < 1,
            "what was read stood where it had stood");
    }

    [Fact]
    public async Task An_open_answer_its_words_and_the_focus_survive_every_change()
    {
        var ids = await AddAsync("Answered", "Neighbour");
        var page = await OpenAsync();
        await page.Card(ids[0]).Locator("[data-reply]").ClickAsync();
        await page.Body().PressSequentiallyAsync("Half an ans");

        await ReactAsync(ids[0]);
        await Expect(page.Card(ids[0]).GetByRole(AriaRole.Button, new() { Name = "Like, 1" })).ToHaveCountAsync(1);
        var news = await CommentAsync("News", ids[0]);
        await Expect(page.Card(news)).ToContainTextAsync("News");
        await _node.MustModerateAsync(service => service.RemoveAsync(ids[1], Cancel));
        await Expect(page.Card(ids[1])).ToHaveCountAsync(0);

        await Expect(page.GetByRole(AriaRole.Form, new() { Name = "Reply to Grace" })).ToBeVisibleAsync();
        await Expect(page.Body()).ToHaveValueAsync("Half an ans");
        await Expect(page.Body()).ToBeFocusedAsync();
        await page.Body().PressSequentiallyAsync("wer");
        await Expect(page.Body()).ToHaveValueAsync("Half an answer");
    }

    [Fact]
    public async Task A_selection_and_the_focus_in_a_card_survive_its_own_change()
    {
        var ids = await AddAsync("Words that somebody marks");
        var page = await OpenAsync();
        await page.Card(ids[0]).Locator(".comment-body p").EvaluateAsync("p => getSelection().setBaseAndExtent(p.firstChild, 6, p.firstChild, 10)");
        await ReactAsync(ids[0]);
        await Expect(page.Card(ids[0]).GetByRole(AriaRole.Button, new() { Name = "Like, 1" })).ToHaveCountAsync(1);
        Assert.Equal("that", await page.EvaluateAsync<string>("getSelection().toString()"));

        await page.Card(ids[0]).Locator("[data-reply]").FocusAsync();
        await ReactAsync(ids[0]);
        await Expect(page.Card(ids[0]).GetByRole(AriaRole.Button, new() { Name = "Like, 2" })).ToHaveCountAsync(1);
        await Expect(page.Card(ids[0]).Locator("[data-reply]")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_branch_that_is_closed_stays_closed_and_counts_on()
    {
        var ids = await AddAsync("Root");
        await CommentAsync("First", ids[0]);
        var page = await OpenAsync();
        var summary = page.Locator($"li:has(> #comment-{ids[0]}) > details > summary");
        await summary.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".comment-list > li > details")).Not.ToHaveAttributeAsync("open", "");

        await CommentAsync("Second", ids[0]);

        await Expect(summary).ToHaveTextAsync("2 replies");
        await Expect(page.Locator(".comment-list > li > details")).Not.ToHaveAttributeAsync("open", "");
        await Expect(page.GetByText("Second")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Another_tab_of_the_same_person_may_change_the_comment_as_well()
    {
        var page = await OpenAsync();
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync($"/posts/{_slug}");
        await other.ExpectLiveAsync();

        var id = await page.CommentAsync("Kim", "From the first tab");

        await other.Card(id).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(page.Card(id)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_double_click_on_remove_takes_one_comment_away_and_undo_brings_it_back_for_all()
    {
        var (page, other) = (await OpenAsync(), await OpenAsync());
        var first = await page.CommentAsync("Kim", "Wanted after all");
        await Expect(page.Card(first)).ToHaveCountAsync(1);
        var second = await page.CommentAsync("Kim", "Below it");
        await Expect(page.Card(second)).ToHaveCountAsync(1);

        foreach (var id in new[] { first, second })
        {
            await page.Card(id).GetByRole(AriaRole.Button, new() { Name = "Remove" }).WaitForAsync();
        }

        // By the second click the next comment may have moved up to where the pointer is.
        await page.EvaluateAsync("ids => ids.forEach(id => document.querySelector(`#comment-${id} [data-remove]`).click())", new[] { first, second });
        await Expect(other.Card(first)).ToHaveCountAsync(0);
        var undo = page.GetByRole(AriaRole.Button, new() { Name = "Undo" });
        await Expect(undo).ToBeFocusedAsync();
        await undo.PressAsync("Enter");

        await Expect(page.Card(first)).ToBeFocusedAsync();
        await Expect(page.Card(first).GetByRole(AriaRole.Button, new() { Name = "Remove" })).ToBeVisibleAsync();
        foreach (var reader in new[] { page, other })
        {
            await Expect(reader.Card(first)).ToContainTextAsync("Wanted after all");
            await Expect(reader.Card(second)).ToContainTextAsync("Below it");
            await reader.ExpectEqualToDatabaseAsync(_node, _slug);
        }
    }

    [Fact]
    public async Task An_edit_puts_the_draft_aside_and_both_survive_a_reload()
    {
        var page = await OpenAsync();
        var id = await page.CommentAsync("Kim", "Said too soon");
        await page.Body().FillAsync("A draft");
        await page.Card(id).GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await page.Body().FillAsync("Said better");

        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Form, new() { Name = "Edit your comment" })).ToBeVisibleAsync();
        await Expect(page.Body()).ToHaveValueAsync("Said better");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();

        await Expect(page.Card(id)).ToContainTextAsync("Said better");
        await Expect(page.GetByRole(AriaRole.Form, new() { Name = "Leave a comment" })).ToBeVisibleAsync();
        await Expect(page.Body()).ToHaveValueAsync("A draft");
    }

    [Fact]
    public async Task A_thread_stays_live_when_the_reader_goes_to_another_post_and_back()
    {
        var page = await OpenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Posts" }).ClickAsync();
        await page.WaitForURLAsync("**/");
        await page.GoBackAsync();
        await page.ExpectLiveAsync();

        var id = await CommentAsync("After the way back");

        await Expect(page.Card(id)).ToHaveCountAsync(1);
        await page.ExpectNotReloadedAsync();
    }

    [Fact]
    public async Task A_long_thread_opens_in_pages_counts_right_and_a_link_leads_to_any_comment()
    {
        var ids = await AddAsync([.. Enumerable.Range(1, 70).Select(number => $"Comment number {number}")]);
        var page = await OpenAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "70 comments" })).ToBeVisibleAsync();
        await Expect(page.Locator(".comments article")).ToHaveCountAsync(ThreadWindow.RootsPerPage);

        await page.GetByRole(AriaRole.Button, new() { Name = "Show more (50)" }).ClickAsync();
        await Expect(page.Locator(".comments article")).ToHaveCountAsync(2 * ThreadWindow.RootsPerPage);

        await page.GetByRole(AriaRole.Button, new() { Name = "Newest first" }).ClickAsync();
        await Expect(page.Locator(".comments article .comment-body").First).ToHaveTextAsync("Comment number 70");

        var linked = await OpenAsync();
        await linked.GotoAsync($"/posts/{_slug}#comment-{ids[65]}");
        await Expect(linked.Card(ids[65])).ToBeInViewportAsync();

        var plain = await chromium.OpenAsync(site.Address, javaScript: false);
        await plain.GotoAsync($"/posts/{_slug}?comment={ids[65]}#comment-{ids[65]}");
        await Expect(plain.Card(ids[65])).ToBeInViewportAsync();
        await plain.GetByRole(AriaRole.Link, new() { Name = "Show earlier" }).ClickAsync();
        await Expect(plain.Card(ids[50])).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Links_to_comments_and_the_way_back_leave_the_thread_as_it_was_unfolded()
    {
        var ids = await AddAsync([.. Enumerable.Range(1, 43).Select(number => $"Comment number {number}")]);
        var page = await OpenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show more" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show more" }).ClickAsync();
        await Expect(page.Locator(".comments article")).ToHaveCountAsync(43);
        // The island's parameters are others now than those that it was opened with.
        var news = await CommentAsync("News");
        await Expect(page.Card(news)).ToHaveCountAsync(1);
        await page.EvaluateAsync("window.island = document.querySelector('.live-thread')");

        await page.Card(ids[5]).Locator("a[href*='#comment-']:not([data-copy])").First.ClickAsync();
        await page.Card(ids[6]).Locator("a[href*='#comment-']:not([data-copy])").First.ClickAsync();
        await page.WaitForURLAsync($"**#comment-{ids[6]}");
        await page.GoBackAsync();
        await page.WaitForURLAsync($"**#comment-{ids[5]}");
        var loads = await page.RunAndWaitForResponseAsync(() => page.GoBackAsync(), response => response.Url.EndsWith($"/posts/{_slug}", StringComparison.Ordinal));
        Assert.True(loads.Ok);
        await page.WaitForURLAsync($"**/posts/{_slug}");
        var later = await CommentAsync("Later");
        await Expect(page.Card(later)).ToHaveCountAsync(1);

        await Expect(page.Locator(".comments article")).ToHaveCountAsync(45);
        Assert.True(await page.EvaluateAsync<bool>("window.island.isConnected"), "The island was made anew.");
        await page.ExpectNotReloadedAsync();
    }

    [Fact]
    public async Task What_comes_is_announced_politely_and_not_one_by_one()
    {
        var page = await OpenAsync();
        await CommentAsync("Hello");
        var region = page.Locator("[data-announce]");
        await Expect(region).ToHaveTextAsync("New reply by Grace");
        Assert.Equal("status", await region.GetAttributeAsync("role"));

        await CommentAsync("More");
        await CommentAsync("And more");
        await CommentAsync("And yet more");
        await Expect(region).ToHaveTextAsync("3 new replies");
    }

    [Fact]
    public async Task From_three_readers_on_their_number_is_shown()
    {
        var pages = new[] { await OpenAsync(), await OpenAsync(), await OpenAsync() };

        await Expect(pages[0].GetByText("3 people are reading")).ToBeVisibleAsync();
        await pages[2].Context.CloseAsync();
        await Expect(pages[0].Locator(".readers")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Everything_about_ones_own_comment_works_by_keyboard()
    {
        var page = await OpenAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Kim");
        await page.Body().FillAsync("Typed");
        await page.Keyboard.PressAsync("Control+Enter");
        var card = page.Locator(".comments article");
        await Expect(card).ToContainTextAsync("Typed");
        await Expect(card).ToBeFocusedAsync();

        await card.GetByRole(AriaRole.Button, new() { Name = "Edit" }).PressAsync("Enter");
        await Expect(page.Body()).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(card.GetByRole(AriaRole.Button, new() { Name = "Edit" })).ToBeFocusedAsync();

        await card.GetByLabel("React").PressAsync("Enter");
        await card.GetByRole(AriaRole.Button, new() { Name = "Like" }).PressAsync("Enter");
        await Expect(card.GetByRole(AriaRole.Button, new() { Name = "Like, 1", Pressed = true })).ToBeVisibleAsync();
    }

    /// <summary>A page whose errors in the console fail the test.</summary>
    private async Task<IPage> OpenAsync()
    {
        var page = await chromium.OpenPostAsync(site.Address, _slug);
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Add(message.Text);
            }
        };
        return page;
    }

    private async Task<Guid[]> AddAsync(params string[] bodies)
    {
        var ids = new List<Guid>();
        foreach (var body in bodies)
        {
            ids.Add(await CommentAsync(body));
        }

        return [.. ids];
    }

    private async Task<Guid> CommentAsync(string body, Guid? parentId = null) =>
        Assert.IsType<CommentOutcome.Saved>(await _node.CommentAsync(_slug, body, parentId: parentId)).CommentId;

    private async Task<CommentAuthor> AuthorAsync(Guid id)
    {
        await using var db = _node.OpenContext();
        return CommentAuthor.OfGuest((await db.Comments.FindAsync([id], Cancel))!.GuestId);
    }

    private Task ReactAsync(Guid id) =>
        _node.UseAsync(service => service.ReactAsync(_slug, id, default, Reaction.Like, wanted: true, Cancel));
}
