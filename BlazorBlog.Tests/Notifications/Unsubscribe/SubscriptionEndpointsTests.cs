using System.Net;
using System.Text;
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
