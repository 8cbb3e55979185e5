using BlazorBlog.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

public sealed class CommentScriptTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private ScriptHost _host = null!;
    private IPage _page = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ScriptHost.StartAsync();
        _page = await chromium.OpenAsync(_host.Address);
    }

    [Fact]
    public async Task A_posted_comment_appears_under_the_thread_and_the_form_is_empty_again()
    {
        await OpenAsync();
        await WriteAsync("Good evening");
        await PostAsync();

        await Expect(_page.Locator("article.comment").Last).ToHaveTextAsync("Good evening");
        await Expect(_page.Locator("article.comment").Last).ToBeFocusedAsync();
        await Expect(_page.Locator("#comments h2")).ToHaveTextAsync("2 comments");
        await Expect(_page.GetByText("Your comment is posted. Look into your mailbox.")).ToBeVisibleAsync();
        await Expect(Body).ToHaveValueAsync("");
        await _page.ReloadAsync();
        await Expect(Body).ToHaveValueAsync("");
        await Expect(_page.GetByLabel("Name", Exact)).ToHaveValueAsync("Tom");
    }

    [Fact]
    public async Task Neither_page_nor_script_asks_for_more_than_the_policy_allows()
    {
        var complaints = new List<string>();
        _page.Console += (_, message) => complaints.Add(message.Text);
        await OpenAsync();
        await WriteAsync("Strict");
        await PostAsync();
        await Expect(_page.Locator("article.comment").Last).ToHaveTextAsync("Strict");

        Assert.DoesNotContain(complaints, text => text.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reply_goes_to_its_parent_and_stands_below_it()
    {
        await OpenAsync();
        await WriteAsync("Begun before choosing whom to answer");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Reply", Exact = true }).ClickAsync();
        await Expect(FormNamed("Reply to Ines")).ToBeVisibleAsync();
        await Expect(Body).ToBeFocusedAsync();
        await PostAsync();

        await Expect(_page.Locator($"#comment-{_host.First.Id} + ol article")).ToHaveTextAsync("Begun before choosing whom to answer");
        await Expect(FormNamed("Leave a comment")).ToBeVisibleAsync();
        Assert.Equal(_host.First.Id.ToString(), Assert.Single(_host.Received)["ParentId"]);
    }

    [Fact]
    public async Task Escape_ends_a_reply_and_keeps_its_text()
    {
        await OpenAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Reply", Exact = true }).ClickAsync();
        await Body.FillAsync("Half a thought");
        await Body.PressAsync("Escape");

        await Expect(FormNamed("Leave a comment")).ToBeVisibleAsync();
        await Expect(Body).ToHaveValueAsync("Half a thought");
        await Expect(_page.GetByRole(AriaRole.Link, new() { Name = "Reply", Exact = true })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_with_the_same_key_even_after_a_reload()
    {
        _host.Answer = _ => Task.FromResult(Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        await OpenAsync();
        await WriteAsync("Sent three times");
        await PostAsync();
        await Expect(_page.GetByText("Could not be sent. Your text is safe.")).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeVisibleAsync();
        await _page.ReloadAsync();
        await Expect(Body).ToHaveValueAsync("Sent three times");
        _host.Answer = form => Task.FromResult(ScriptHost.Accepted(form));
        await PostAsync();
        await Expect(_page.Locator("article.comment").Last).ToHaveTextAsync("Sent three times");

        await WriteAsync("Sent three times");
        await PostAsync();
        await Expect(_page.Locator("article.comment")).ToHaveCountAsync(3);

        var keys = _host.Received.Select(form => form["IdempotencyKey"].ToString()).ToList();
        Assert.Equal(4, keys.Count);
        Assert.True(Guid.TryParse(keys[0], out _));
        Assert.Single(keys.Take(3).Distinct());
        Assert.NotEqual(keys[0], keys[3]);
    }

    [Fact]
    public async Task Without_a_network_nothing_is_lost()
    {
        await OpenAsync();
        await WriteAsync("In a tunnel");
        await _page.Context.SetOfflineAsync(true);
        await PostAsync();
        await Expect(_page.GetByText("Could not be sent. Your text is safe.")).ToBeVisibleAsync();
        await Expect(Body).ToHaveValueAsync("In a tunnel");
        await _page.Context.SetOfflineAsync(false);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(_page.Locator("article.comment").Last).ToHaveTextAsync("In a tunnel");
    }

    [Fact]
    public async Task Text_typed_while_a_comment_is_under_way_stays()
    {
        var answer = new TaskCompletionSource();
        _host.Answer = async form =>
        {
            await answer.Task;
            return ScriptHost.Accepted(form);
        };
        await OpenAsync();
        await WriteAsync("The first");
        await PostAsync();
        await Expect(_page.GetByText("Sending…")).ToBeVisibleAsync();
        await Body.PressAsync("Control+Enter");
        await Body.FillAsync("The first, and a second");
        answer.SetResult();

        await Expect(_page.Locator("article.comment").Last).ToHaveTextAsync("The first");
        await Expect(Body).ToHaveValueAsync("The first, and a second");
        Assert.Single(_host.Received);
    }

    [Fact]
    public async Task Text_typed_before_the_script_arrives_wins_over_an_older_draft()
    {
        await OpenAsync();
        await WriteAsync("An older draft");
        var arrive = new TaskCompletionSource();
        await _page.RouteAsync("**/comment-form.js", async route =>
        {
            await arrive.Task;
            await route.ContinueAsync();
        });
        await _page.GotoAsync("/posts/a-post", new() { WaitUntil = WaitUntilState.Commit });
        await Body.FillAsync("Typed early");
        arrive.SetResult();

        // Only the script shows this button: it has run.
        await Expect(_page.GetByRole(AriaRole.Button, new() { Name = "Preview" })).ToBeVisibleAsync();
        await Expect(Body).ToHaveValueAsync("Typed early");
        await _page.ReloadAsync();
        await Expect(Body).ToHaveValueAsync("Typed early");
    }

    [Fact]
    public async Task A_draft_comes_back_with_whom_it_answers_and_only_under_its_own_post()
    {
        await OpenAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Reply", Exact = true }).ClickAsync();
        await Body.FillAsync("A reply for later");
        await _page.EvaluateAsync("window.samePage = true");
        await _page.GetByRole(AriaRole.Link, new() { Name = "another post" }).ClickAsync();
        await Expect(_page.GetByText("This is another-post")).ToBeVisibleAsync();
        await Expect(FormNamed("Leave a comment")).ToBeVisibleAsync();
        await Expect(Body).ToHaveValueAsync("");
        Assert.True(await _page.EvaluateAsync<bool>("window.samePage"), "The navigation was not an enhanced one, which is the hard case.");
        await _page.GoBackAsync();

        await Expect(FormNamed("Reply to Ines")).ToBeVisibleAsync();
        await Expect(Body).ToHaveValueAsync("A reply for later");
    }

    [Fact]
    public async Task Where_the_browser_keeps_nothing_and_has_no_channels_everything_else_works()
    {
        var errors = new List<string>();
        _page.PageError += (_, error) => errors.Add(error);
        await _page.AddInitScriptAsync(
            """
            for (const name of ["localStorage", "sessionStorage"]) {
                Object.defineProperty(window, name, { get() { throw new DOMException("Not here", "SecurityError"); } });
            }
            delete window.BroadcastChannel;
            """);
        await OpenAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Reply", Exact = true }).ClickAsync();
        await WriteAsync("Kept nowhere");
        await PostAsync();

        await Expect(_page.Locator($"#comment-{_host.First.Id} + ol article")).ToHaveTextAsync("Kept nowhere");
        await Expect(FormNamed("Leave a comment")).ToBeVisibleAsync();
        await Expect(Body).ToHaveValueAsync("");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_link_leads_to_the_top_of_its_page_with_the_focus_on_the_heading_and_the_way_back_to_where_one_was()
    {
        await _page.SetViewportSizeAsync(800, 400);
        await OpenAsync();
        var link = _page.GetByRole(AriaRole.Link, new() { Name = "another post" });
        await link.ScrollIntoViewIfNeededAsync();
        await _page.EvaluateAsync("scrollTo(0, 150)");
        var before = await _page.EvaluateAsync<double>("(window.sameVisit = true) && scrollY");
        Assert.True(before > 0);
        // Whoever turns the wheel on meanwhile scrolls the page that is left.
        await _page.RouteAsync("**/posts/another-post", async route =>
        {
            await _page.EvaluateAsync("scrollTo(0, 180)");
            await route.ContinueAsync();
        });

        // A real click might scroll first.
        await link.EvaluateAsync("link => { link.focus({ preventScroll: true }); link.click(); }");
        await _page.WaitForURLAsync("**/posts/another-post");
        await Expect(_page.GetByText("This is another-post")).ToBeVisibleAsync();
        await _page.ExpectNotReloadedAsync();
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        Assert.Equal(0, await _page.EvaluateAsync<double>("scrollY"));

        await _page.GoBackAsync();
        await Expect(_page.GetByText("This is a-post")).ToBeVisibleAsync();
        await _page.ExpectNotReloadedAsync();
        await Expect(link).ToBeFocusedAsync();
        Assert.Equal(before, await _page.EvaluateAsync<double>("scrollY"));
    }

    [Fact]
    public async Task A_link_that_is_followed_without_a_network_leaves_page_and_address_as_they_are_and_says_so()
    {
        await OpenAsync();
        await WriteAsync("Half a thought");
        await _page.Context.SetOfflineAsync(true);
        await _page.GetByRole(AriaRole.Link, new() { Name = "another post" }).ClickAsync();

        await Expect(_page.GetByText("That page could not be reached.")).ToBeVisibleAsync();
        await _page.WaitForURLAsync("**/posts/a-post");
        await Expect(Body).ToHaveValueAsync("Half a thought");

        await _page.Context.SetOfflineAsync(false);
        await _page.GetByRole(AriaRole.Link, new() { Name = "another post" }).ClickAsync();
        await Expect(_page.GetByText("This is another-post")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Errors_stand_beside_their_fields_until_they_are_corrected_or_sent_again()
    {
        _host.Answer = _ => Task.FromResult(Results.Json(new { errors = new Dictionary<string, string> { ["Name"] = "Who are you?" } }, statusCode: 422));
        await OpenAsync();
        await PostAsync();

        await Expect(_page.Locator("#comment-name-error")).ToHaveTextAsync("Who are you?");
        await Expect(_page.GetByLabel("Name", Exact)).ToBeFocusedAsync();
        await Expect(_page.GetByLabel("Name", Exact)).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(_page.Locator("[role=alert]")).ToBeVisibleAsync();
        await _page.GetByLabel("Name", Exact).FillAsync("T");
        await Expect(_page.Locator(".field-error:visible, [aria-invalid], [role=alert]:visible")).ToHaveCountAsync(0);

        await PostAsync();
        await Expect(_page.Locator("#comment-name-error")).ToHaveTextAsync("Who are you?");
        _host.Answer = form => Task.FromResult(ScriptHost.Accepted(form));
        await WriteAsync("Now with a name");
        await PostAsync();
        await Expect(_page.Locator("article.comment")).ToHaveCountAsync(2);
        await Expect(_page.Locator(".field-error:visible, [aria-invalid], [role=alert]:visible")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_new_and_what_is_pressed_is_seen_in_colours_that_the_system_chooses()
    {
        await _page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        await OpenAsync();
        await WriteAsync("New");
        await PostAsync();

        await Expect(_page.Locator("article.new")).ToHaveCountAsync(1);
        Assert.Equal("2px", await _page.EvaluateAsync<string>("getComputedStyle(document.querySelector('article.new'), '::before').borderTopWidth"));
        Assert.True(await _page.EvaluateAsync<bool>(
            """
            () => {
                const button = document.querySelector(".reactions button");
                const before = getComputedStyle(button).backgroundColor;
                button.setAttribute("aria-pressed", "true");
                return getComputedStyle(button).backgroundColor !== before;
            }
            """));
    }

    [Fact]
    public async Task With_a_full_storage_what_is_typed_is_sent_and_nothing_fails()
    {
        var errors = new List<string>();
        _page.PageError += (_, error) => errors.Add(error);
        await OpenAsync();
        await _page.EvaluateAsync(
            """
            () => {
                for (const storage of [localStorage, sessionStorage]) {
                    for (let size = 1 << 22; size > 0; size >>= 1) {
                        for (let i = 0; ; i++) try { storage.setItem(`${size}.${i}`, "x".repeat(size)); } catch { break; }
                    }
                }
            }
            """);
        await WriteAsync("More than there is room for");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Reply", Exact = true }).ClickAsync();
        await PostAsync();

        await Expect(_page.Locator($"#comment-{_host.First.Id} + ol article")).ToHaveTextAsync("More than there is room for");
        await Expect(Body).ToHaveValueAsync("");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Too_many_comments_are_told_when_to_try_again()
    {
        _host.Answer = _ => Task.FromResult<IResult>(new TooManyRequests(42));
        await OpenAsync();
        await WriteAsync("Again");
        await PostAsync();

        await Expect(_page.GetByText("Please try again in 42 seconds.")).ToBeVisibleAsync();
        await Expect(Body).ToHaveValueAsync("Again");
    }

    [Fact]
    public async Task The_preview_follows_what_is_typed_until_it_is_closed()
    {
        await OpenAsync();
        await WriteAsync("one");
        var button = _page.GetByRole(AriaRole.Button, new() { Name = "Preview" });
        await button.ClickAsync();
        await Expect(_page.Locator("#comment-preview em")).ToHaveTextAsync("one");
        await Body.FillAsync("two");
        await Expect(_page.Locator("#comment-preview em")).ToHaveTextAsync("two");
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        await button.ClickAsync();
        await Expect(_page.Locator("#comment-preview")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_text_near_the_limit_is_counted_and_never_cut()
    {
        await OpenAsync();
        await Body.FillAsync(new string('x', 4_900));
        await Expect(_page.GetByText("100 characters left")).ToBeVisibleAsync();
        await Body.FillAsync(new string('x', 5_010));
        await Expect(_page.GetByText("10 characters too long")).ToBeVisibleAsync();
        Assert.Equal(5_010, (await Body.InputValueAsync()).Length);
    }

    [Fact]
    public async Task A_blazor_script_that_never_arrives_holds_nothing_up()
    {
        await _page.RouteAsync("**/blazor.web*.js", _ => Task.CompletedTask);
        await _page.GotoAsync("/posts/a-post", new() { WaitUntil = WaitUntilState.Commit });
        // Only the script shows this button: it has run.
        await Expect(_page.GetByRole(AriaRole.Button, new() { Name = "Preview" })).ToBeVisibleAsync();
        await WriteAsync("Still here");
        await PostAsync();

        await Expect(_page.Locator("article.comment").Last).ToHaveTextAsync("Still here");
        Assert.EndsWith("/posts/a-post", _page.Url, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _page.Context.CloseAsync();
        await _host.DisposeAsync();
    }

    private static PageGetByLabelOptions Exact => new() { Exact = true };

    private ILocator Body => _page.GetByLabel("Comment", Exact);

    private Task<IResponse?> OpenAsync() => _page.GotoAsync("/posts/a-post");

    private ILocator FormNamed(string name) => _page.GetByRole(AriaRole.Form, new() { Name = name, Exact = true });

    private async Task WriteAsync(string body)
    {
        await _page.GetByLabel("Name", Exact).FillAsync("Tom");
        await Body.FillAsync(body);
    }

    private Task PostAsync() => _page.GetByRole(AriaRole.Button, new() { Name = "Post comment" }).ClickAsync();

    private sealed class TooManyRequests(int seconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            httpContext.Response.Headers.RetryAfter = $"{seconds}";
            return Task.CompletedTask;
        }
    }
}
