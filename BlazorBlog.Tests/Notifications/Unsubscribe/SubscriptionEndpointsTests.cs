using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using BlazorBlog.Comments;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Unsubscribe;

public sealed partial class SubscriptionEndpointsTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Asks = new() { ["Email"] = "mina@example.com", ["NotifyReplies"] = "true" };

    private readonly FakeClock _clock = FakeClock.Running();
    private TestBlog _blog = null!;
    private Post _post = null!;
    private Visitor _mina = null!;
    private Visitor _mailProvider = null!;

    public async ValueTask InitializeAsync()
    {
        _blog = await TestBlog.StartAsync(options => options.Time = _clock);
        _post = await _blog.AddPostAsync();
        _mina = _blog.Visitor();
        _mailProvider = _blog.Visitor("Mail provider");
    }

    public async ValueTask DisposeAsync()
    {
        _mina.Dispose();
        _mailProvider.Dispose();
        await _blog.DisposeAsync();
    }

    [Fact]
    public async Task A_guest_who_asks_for_replies_confirms_the_address_once_and_is_told()
    {
        var comment = await _mina.MustCommentAsync(_post.Slug, "Who knows?", Asks);
        var confirm = LinkIn(await MailToMinaAsync(1), "confirm");

        var page = new HtmlParser().ParseDocument(await _mailProvider.ReadAsync(confirm));
        Assert.Single(page.QuerySelectorAll("form[method=post] button"));
        Assert.Null((await MinaAsync()).EmailConfirmedAt);

        using var confirmed = await _mailProvider.PostAsync(confirm, null);
        Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        Assert.NotNull((await MinaAsync()).EmailConfirmedAt);

        using var joon = _blog.Visitor("Joon");
        await joon.MustCommentAsync(_post.Slug, "I know.", new() { ["ParentId"] = comment.ToString() });
        var mail = await MailToMinaAsync(2);
        Assert.Contains("I know.", mail.Text, StringComparison.Ordinal);
        Assert.NotNull(mail.Unsubscribe);
    }

    [Fact]
    public async Task A_guest_who_does_not_ask_gets_no_mail_at_all()
    {
        await _mina.MustCommentAsync(_post.Slug, "Just saying.", new() { ["Email"] = "mina@example.com" });
        await _blog.WaitUntilQuietAsync();

        Assert.DoesNotContain(_blog.Mails, mail => mail.To.Address == "mina@example.com");
    }

    [Fact]
    public async Task A_link_opens_only_what_it_was_made_for()
    {
        await _mina.MustCommentAsync(_post.Slug, "Who knows?", Asks);
        var mail = await MailToMinaAsync(1);
        var confirm = Token().Match(LinkIn(mail, "confirm")).Groups[1].Value;
        // Somebody else may have typed the address: to say no to the question must not stop other mail, so it offers no such link.
        Assert.Null(mail.Unsubscribe);
        await _blog.WaitUntilQuietAsync();
        var unsubscribe = Token().Match(_blog.Mails.First(other => other.Unsubscribe is not null).Unsubscribe!.AbsolutePath).Groups[1].Value;
        string[] wrong =
        [
            $"/notifications/{confirm}", $"/notifications/{confirm}/unsubscribe",
            $"/notifications/{unsubscribe}", $"/notifications/{unsubscribe}/confirm",
            $"/notifications/{Tampered(confirm)}/confirm", $"/notifications/{Tampered(unsubscribe)}/unsubscribe",
            "/notifications/nonsense/confirm", "/notifications/%E2%82%AC/confirm", $"/notifications/{new string('A', 4000)}/unsubscribe", "/notifications/A",
        ];

        foreach (var path in wrong)
        {
            using var look = await _mailProvider.GetAsync(path);
            using var act = await _mailProvider.PostAsync(path, OneClick());
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (look.StatusCode, act.StatusCode));
        }

        Assert.Null((await MinaAsync()).EmailConfirmedAt);
        Assert.Empty(await SuppressionsAsync());
    }

    [Fact]
    public async Task A_corrected_address_is_asked_at_once_and_no_address_twice_a_day()
    {
        Dictionary<string, string?> As(string email) => new() { ["Email"] = email, ["NotifyReplies"] = "true" };
        await _mina.MustCommentAsync(_post.Slug, "With a typo", As("typo@example.org"));
        await _mina.MustCommentAsync(_post.Slug, "Without", As("right@example.org"));
        foreach (var stranger in new[] { "One", "Two", "Three" })
        {
            using var visitor = _blog.Visitor(stranger);
            await visitor.MustCommentAsync(_post.Slug, $"{stranger} was here", As("right@example.org"));
            await visitor.MustCommentAsync(_post.Slug, $"{stranger} hides", As($"{stranger}@example.net"));
        }

        await _blog.WaitUntilQuietAsync();

        Assert.Single(_blog.Mails, mail => mail.To.Address == "right@example.org");
        Assert.Equal(3, _blog.Mails.Count(mail => mail.To.Address.EndsWith("@example.net", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_link_to_an_address_that_is_no_longer_used_confirms_nothing()
    {
        await _mina.MustCommentAsync(_post.Slug, "Who knows?", Asks);
        var confirm = LinkIn(await MailToMinaAsync(1), "confirm");
        await _mina.MustCommentAsync(_post.Slug, "Write to my other address.", new() { ["Email"] = "other@example.com" });

        using var response = await _mailProvider.PostAsync(confirm, null);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Null((await _blog.ReadAsync(db => db.Guests.SingleAsync())).EmailConfirmedAt);
    }

    [Fact]
    public async Task One_click_of_a_mail_program_stops_the_mail_for_good()
    {
        await _mina.MustCommentAsync(_post.Slug, "Hello author.");
        var mail = await Eventually.WaitForAsync(() => Task.FromResult(_blog.Mails.SingleOrDefault(mail => mail.To.Address == "jin@example.com")), "the author got a mail");
        Assert.StartsWith("https://blog.example/notifications/", mail.Unsubscribe!.AbsoluteUri, StringComparison.Ordinal);
        Assert.EndsWith("/unsubscribe", mail.Unsubscribe.AbsoluteUri, StringComparison.Ordinal);

        var page = new HtmlParser().ParseDocument(await _mailProvider.ReadAsync(mail.Unsubscribe.AbsolutePath));
        Assert.Single(page.QuerySelectorAll("form[method=post] button"));
        Assert.Empty(await SuppressionsAsync());

        using var first = await _mailProvider.PostAsync(mail.Unsubscribe.AbsolutePath, OneClick());
        using var again = await _mailProvider.PostAsync(mail.Unsubscribe.AbsolutePath, OneClick());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        Assert.Equal(("jin@example.com", SuppressionReason.OptedOut), Assert.Single(await SuppressionsAsync()));

        var next = await _mina.MustCommentAsync(_post.Slug, "Are you there?");
        await _blog.WaitUntilQuietAsync();
        Assert.Contains(await _blog.DeliveriesAsync(), delivery => delivery.CommentId == next && delivery is { Channel: NotificationChannel.Email, Reason: NotSentReason.OptedOut });
        Assert.Contains(await _blog.DeliveriesAsync(), delivery => delivery.CommentId == next && delivery is { Channel: NotificationChannel.Sms, State: DeliveryState.Accepted });
    }

    [Fact]
    public async Task Mail_can_be_stopped_and_taken_up_again_without_an_account()
    {
        await _mina.MustCommentAsync(_post.Slug, "Hello author.");
        var mail = await Eventually.WaitForAsync(() => Task.FromResult(_blog.Mails.SingleOrDefault(mail => mail.To.Address == "jin@example.com")), "the author got a mail");
        var manage = ManageLink().Match(mail.Text).Groups[1].Value;

        using (var stopped = await _mailProvider.PostAsync(manage, new FormUrlEncodedContent([new("action", "stop")])))
        {
            Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        }

        Assert.Single(await SuppressionsAsync());
        using var resumed = await _mailProvider.PostAsync(manage, new FormUrlEncodedContent([new("action", "resume")]));
        Assert.Empty(await SuppressionsAsync());
    }

    [Fact]
    public async Task Stopping_and_resuming_leave_bounces_and_complaints_as_they_are_and_the_page_says_so()
    {
        await _mina.MustCommentAsync(_post.Slug, "Hello author.");
        var mail = await Eventually.WaitForAsync(() => Task.FromResult(_blog.Mails.SingleOrDefault(mail => mail.To.Address == "jin@example.com")), "the author got a mail");
        var manage = ManageLink().Match(mail.Text).Groups[1].Value;
        Assert.DoesNotContain("an earlier one came back", await _mailProvider.ReadAsync(manage), StringComparison.Ordinal);
        (string, SuppressionReason)[] refused = [("jin@example.com", SuppressionReason.Undeliverable), ("jin@example.com", SuppressionReason.Complaint)];
        await _blog.ChangeAsync(db => db.Suppressions.AddRange(
            refused.Select(row => Suppression.Of(row.Item1, NotificationChannel.Email, row.Item2, _clock.GetUtcNow()))));

        using var stopped = await _mailProvider.PostAsync(manage, new FormUrlEncodedContent([new("action", "stop")]));
        Assert.Equal(3, (await SuppressionsAsync()).Length);
        using var resumed = await _mailProvider.PostAsync(manage, new FormUrlEncodedContent([new("action", "resume")]));

        Assert.Equal(refused, (await SuppressionsAsync()).OrderBy(row => row.Item2));
        var page = await resumed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("an earlier one came back", page, StringComparison.Ordinal);
        Assert.Contains("value=\"stop\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_confirmed_in_one_browser_is_asked_again_in_another_the_same_day_and_told()
    {
        await _mina.MustCommentAsync(_post.Slug, "At home.", Asks);
        using (await _mailProvider.PostAsync(LinkIn(await MailToMinaAsync(1), "confirm"), null))
        {
        }

        using var phone = _blog.Visitor();
        var comment = await phone.MustCommentAsync(_post.Slug, "On the way.", Asks);
        using (var confirmed = await _mailProvider.PostAsync(LinkIn(await MailToMinaAsync(2), "confirm"), null))
        {
            Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        }

        using var joon = _blog.Visitor("Joon");
        await joon.MustCommentAsync(_post.Slug, "Have a good trip.", new() { ["ParentId"] = comment.ToString() });
        Assert.Contains("Have a good trip.", (await MailToMinaAsync(3)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_answer_confirms_the_browsers_that_the_owner_of_the_mailbox_names_and_no_other()
    {
        await _mina.MustCommentAsync(_post.Slug, "At home.", Asks);
        var confirm = LinkIn(await MailToMinaAsync(1), "confirm");
        using var phone = _blog.Visitor();
        using var stranger = _blog.Visitor("Stranger");
        using var other = _blog.Visitor("Other");
        var mine = await phone.MustCommentAsync(_post.Slug, "On the way.", Asks);
        var theirs = await stranger.MustCommentAsync(_post.Slug, "I am Mina.", Asks);
        var foreign = await other.MustCommentAsync(_post.Slug, "Elsewhere.", new(Asks) { ["Email"] = "other@example.com" });
        await _blog.WaitUntilQuietAsync();
        var guests = await _blog.ReadAsync(db => db.Comments.ToDictionaryAsync(comment => comment.Id, comment => comment.GuestId!.Value));

        var page = new HtmlParser().ParseDocument(await _mailProvider.ReadAsync(confirm));
        Assert.Equal(
            new[] { mine, theirs }.Select(id => guests[id].ToString()).Order(),
            page.QuerySelectorAll("input[name=guest]:not([checked])").Select(box => box.GetAttribute("value")).Order());
        Assert.Contains("On the way.", page.QuerySelector("fieldset")!.TextContent, StringComparison.Ordinal);

        using var confirmed = await _mailProvider.PostAsync(
            confirm, new FormUrlEncodedContent([new("guest", guests[mine].ToString()), new("guest", guests[foreign].ToString()), new("guest", "nonsense")]));

        Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        var known = await _blog.ReadAsync(db => db.Guests.Where(guest => guest.EmailConfirmedAt != null).Select(guest => guest.Id).ToListAsync());
        Assert.Equal(2, known.Count);
        Assert.Contains(guests[mine], known);
        Assert.DoesNotContain(guests[theirs], known);
    }

    [Theory]
    [InlineData("None", "En", "that we send you now.")]
    [InlineData("None", "Ko", "지금 보내 드리는 메일의 링크를")]
    [InlineData("All", "En", "once your comment is approved.")]
    [InlineData("All", "Ko", "댓글이 승인된 뒤에")]
    public async Task Who_asks_for_replies_is_told_to_look_for_the_mail_until_the_address_is_confirmed(string moderation, string culture, string words)
    {
        await using var blog = await TestBlog.StartAsync(options => (options.Settings["Comments:Moderation"], options.Settings["Site:Culture"]) = (moderation, culture));
        var post = await blog.AddPostAsync();
        using var mina = blog.Visitor();

        using (var posted = await mina.CommentAsync(post.Slug, "Who knows?", Asks, request => request.Headers.Accept.ParseAdd("application/json")))
        {
            using var answer = JsonDocument.Parse(await posted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Contains(words, answer.RootElement.GetProperty("notice").GetString(), StringComparison.Ordinal);
        }

        Assert.Contains(words, await PageAsync(), StringComparison.Ordinal);

        await blog.ChangeAsync(async db => (await db.Guests.SingleAsync()).ConfirmEmail(post.CreatedAt));
        Assert.DoesNotContain(words, await PageAsync(), StringComparison.Ordinal);
        using var again = await mina.CommentAsync(post.Slug, "And now?", Asks, request => request.Headers.Accept.ParseAdd("application/json"));
        Assert.Contains("\"notice\":null", await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        async Task<string> PageAsync() => WebUtility.HtmlDecode(await mina.ReadAsync($"/posts/{post.Slug}"));
    }

    [Fact]
    public async Task Who_does_not_ask_for_replies_or_writes_to_a_blog_without_mail_is_told_of_none()
    {
        await using var silent = await TestBlog.StartAsync(options => options.Settings["Email:Transport"] = "None");
        await silent.AddPostAsync(_post.Title);
        foreach (var (blog, form) in new[] { (_blog, new Dictionary<string, string?> { ["Email"] = "mina@example.com" }), (silent, Asks) })
        {
            using var mina = blog.Visitor();
            using var posted = await mina.CommentAsync(_post.Slug, "Hello.", form, request => request.Headers.Accept.ParseAdd("application/json"));
            Assert.Contains("\"notice\":null", await posted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.DoesNotContain("To get replies by mail", await mina.ReadAsync($"/posts/{_post.Slug}"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_is_asked_once_a_day_whoever_types_it()
    {
        var first = await _mina.MustCommentAsync(_post.Slug, "One.", Asks);
        await MailToMinaAsync(1);
        using var stranger = _blog.Visitor("Stranger");
        var second = await stranger.MustCommentAsync(_post.Slug, "Two.", new(Asks) { ["Email"] = "MINA@example.com" });
        await _blog.WaitUntilQuietAsync();
        _clock.Advance(TimeSpan.FromHours(25));
        var third = await stranger.MustCommentAsync(_post.Slug, "Three.", Asks);
        await _blog.WaitUntilQuietAsync();

        var asked = (await _blog.DeliveriesAsync()).Where(delivery => delivery.Event == NotificationEvent.ConfirmAddress).ToDictionary(delivery => delivery.CommentId!.Value);
        Assert.Equal(DeliveryState.Accepted, asked[first].State);
        Assert.Equal(NotSentReason.AskedRecently, asked[second].Reason);
        Assert.Equal(DeliveryState.Accepted, asked[third].State);
        Assert.Equal(2, _blog.Mails.Count(mail => mail.To.Address.Equals("mina@example.com", StringComparison.OrdinalIgnoreCase)));
    }

    private static StringContent OneClick() => new("List-Unsubscribe=One-Click", Encoding.ASCII, "application/x-www-form-urlencoded");

    private static string Tampered(string token) => token[..^8] + (token[^8] == 'A' ? 'B' : 'A') + token[^7..];

    private static string LinkIn(EmailMessage mail, string end)
    {
        var link = AnyLink().Matches(mail.Text).Select(match => match.Groups[1].Value).Single(path => path.EndsWith($"/{end}", StringComparison.Ordinal));
        // Each token is encrypted anew, so the HTML carries another spelling of the same.
        Assert.Matches($"href=\"https://blog\\.example/notifications/[^\"/]+/{end}\"", mail.Html);
        return link;
    }

    private async Task<EmailMessage> MailToMinaAsync(int number) => await Eventually.WaitForAsync(
        () => Task.FromResult(_blog.Mails.Where(mail => mail.To.Address == "mina@example.com").Skip(number - 1).FirstOrDefault()),
        $"Mina got mail number {number}");

    private Task<Guest> MinaAsync() => _blog.ReadAsync(db => db.Guests.SingleAsync(guest => guest.NormalizedEmail == "mina@example.com"));

    private async Task<(string, SuppressionReason)[]> SuppressionsAsync() =>
        [.. (await _blog.ReadAsync(db => db.Suppressions.ToListAsync())).Select(suppression => (suppression.Address, suppression.Reason))];

    [GeneratedRegex("https://blog\\.example(/notifications/[^\\s]+)")]
    private static partial Regex AnyLink();

    [GeneratedRegex("https://blog\\.example(/notifications/[^\\s/]+)(?:\\s|$)")]
    private static partial Regex ManageLink();

    [GeneratedRegex("^/notifications/([^/]+)/")]
    private static partial Regex Token();
}
