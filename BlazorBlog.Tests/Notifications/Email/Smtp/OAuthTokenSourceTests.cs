using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email.Smtp;

public sealed class OAuthTokenSourceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_refresh_token_buys_an_access_token()
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        using var tokens = oauth.Tokens();

        Assert.Equal("token-1", await tokens.GetAsync(Stop));
        Assert.Equal(
            ["client_id=client", "client_secret=client-secret", "grant_type=refresh_token", "refresh_token=refresh-0"],
            Assert.Single(oauth.Forms).Select(field => $"{field.Key}={field.Value}").Order());
    }

    [Fact]
    public async Task A_token_is_kept_until_shortly_before_its_end()
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        var time = new SteppedTime();
        using var tokens = oauth.Tokens(time);

        Assert.Equal("token-1", await tokens.GetAsync(Stop));
        time.Now += TimeSpan.FromMinutes(58);
        Assert.Equal("token-1", await tokens.GetAsync(Stop));
        time.Now += TimeSpan.FromMinutes(1);
        Assert.Equal("token-2", await tokens.GetAsync(Stop));
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_request()
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        var gate = new TaskCompletionSource();
        oauth.Gate = gate.Task;
        using var tokens = oauth.Tokens();

        var asking = Enumerable.Range(0, 20).Select(_ => tokens.GetAsync(Stop)).ToList();
        gate.SetResult();

        Assert.All(await Task.WhenAll(asking), token => Assert.Equal("token-1", token));
        Assert.Equal(1, oauth.Requests);
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once_for_all_who_held_it()
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        using var tokens = oauth.Tokens();
        var refused = await tokens.GetAsync(Stop);

        var renewed = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => tokens.RenewAsync(refused, Stop)));

        Assert.All(renewed, token => Assert.Equal("token-2", token));
        Assert.Equal(2, oauth.Requests);
    }

    [Fact]
    public async Task A_new_refresh_token_takes_the_place_of_the_old()
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        oauth.Answer = (200, """{"access_token":"a-{0}","refresh_token":"refresh-{0}"}""");
        using var tokens = oauth.Tokens();

        await tokens.RenewAsync(await tokens.GetAsync(Stop), Stop);

        Assert.Equal(["refresh-0", "refresh-1"], oauth.Forms.Select(form => form["refresh_token"]));
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_grant"}""", ChannelFault.Authentication, "The token server refused: invalid_grant.")]
    [InlineData(401, "no json", ChannelFault.Authentication, "The token server refused.")]
    [InlineData(400, """{"error":"jin@example.com"}""", ChannelFault.Authentication, "The token server refused.")]
    [InlineData(503, "", ChannelFault.Connection, "The token server refused.")]
    [InlineData(429, "{}", ChannelFault.Connection, "The token server refused.")]
    [InlineData(200, "{}", ChannelFault.Authentication, "The token server's answer holds no access token.")]
    [InlineData(200, "[]", ChannelFault.Authentication, "The token server's answer holds no access token.")]
    [InlineData(200, """{"access_token":"a\r\nRCPT"}""", ChannelFault.Authentication, "The token server's answer holds no access token.")]
    public async Task A_refusal_stops_the_channel(int status, string body, ChannelFault fault, string text)
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        oauth.Answer = (status, body);
        using var tokens = oauth.Tokens();

        var exception = await Assert.ThrowsAsync<SendFailedException>(() => tokens.GetAsync(Stop));

        Assert.Equal((SendOutcome.ChannelDown, fault, text), (exception.Result.Outcome, exception.Result.Fault, exception.Result.Text));
    }

    [Fact]
    public async Task A_silent_token_server_is_not_waited_for_for_ever()
    {
        await using var oauth = await FakeTokenServer.StartAsync();
        var gate = new TaskCompletionSource();
        oauth.Gate = gate.Task;
        using var tokens = oauth.Tokens(timeout: TimeSpan.FromMilliseconds(200));

        var exception = await Assert.ThrowsAsync<SendFailedException>(() => tokens.GetAsync(Stop));

        Assert.Equal(ChannelFault.Connection, exception.Result.Fault);
        gate.SetResult();
    }

    [Fact]
    public async Task A_missing_token_server_is_a_lost_connection()
    {
        var oauth = await FakeTokenServer.StartAsync();
        using var tokens = oauth.Tokens();
        await oauth.DisposeAsync();

        var exception = await Assert.ThrowsAsync<SendFailedException>(() => tokens.GetAsync(Stop));

        Assert.Equal(ChannelFault.Connection, exception.Result.Fault);
    }

    private sealed class SteppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
