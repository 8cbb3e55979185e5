using System.Xml.Linq;
using BlazorBlog.Comments;
using BlazorBlog.Data.Keys;
using BlazorBlog.Data.Providers;
using BlazorBlog.Live;
using BlazorBlog.Notifications;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Notices;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Notifications.Sms;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Data.SqlServer;

/// <summary>The grammar of SQL Server accepts every statement the services send to it.</summary>
public sealed class SqlServerStatementTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly AnyValues _values = new();
    private readonly StatementRecorder _recorder;
    private readonly DatabaseBlog _blog;

    public SqlServerStatementTests()
    {
        _recorder = new StatementRecorder(_values);
        _blog = DatabaseBlog.Open(
            new BlogDatabase(DatabaseProvider.SqlServer, "Server=nowhere;Database=Blog"),
            configure: services => services.ConfigureDbContext<SqlServerBlogDbContext>(options => options.AddInterceptors(_recorder)),
            settings: [("Email:DefaultRecipients", "editor@example.com"), ("Email:Transport", "Memory"), ("Comments:Moderation", "FirstComment")]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_reading()
    {
        await using var scope = _blog.Services.CreateAsyncScope();
        var service = scope.ServiceProvider.GetRequiredService<BlogService>();

        Assert.NotNull(await service.ListPostsAsync(1, tag: null, Cancel));
        Assert.NotNull(await service.ListPostsAsync(1, "a-tag", Cancel));
        Assert.NotNull(await service.FindPostAsync("a-post", Cancel));
        Assert.NotNull(await service.FindGuestAsync(_values.Id, _values.Id, Cancel));
        Assert.NotNull(await service.FindSlugOfCommentAsync(_values.Id, Cancel));
        Assert.NotNull(await service.FindCommentAsync(_values.Id, _values.Id, Cancel));
        Assert.Equal(1, (await _blog.Get<ThreadSnapshots>().ReadAsync(_values.Id, Cancel)).Sequence);

        AssertAccepted("FETCH NEXT", "FROM [Comments]", "[PostTag]");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_commenting(bool withKey)
    {
        var outcome = await _blog.CommentAsync(_values.Text, "Hello", withKey ? "a-key" : "", _values.Id);

        Assert.IsType<CommentOutcome.Saved>(outcome);
        AssertAccepted("UPDATE [p]", "[ThreadSequence] + @", "INSERT INTO [Comments]", "INSERT INTO [OutboxMessages]", "UPDATE [Guests]");
    }

    [Fact]
    public async Task Of_answering_a_comment()
    {
        _values.Nulls.Add("RemovedAt");

        Assert.IsType<CommentOutcome.Saved>(await _blog.CommentAsync(_values.Text, "Hello", "a-key", _values.Id, _values.Id));

        AssertAccepted("UPDATE [p]", "INSERT INTO [Comments]");
    }

    [Fact]
    public async Task Of_the_fan_out()
    {
        // A guest wrote it, who has still to confirm the address.
        _values.Nulls.UnionWith(["RemovedAt", "UserId", "EmailConfirmedAt"]);

        await _blog.Get<FanOut>().RunAsync(_ => 100, Cancel);

        AssertAccepted(
            "WITH (ROWLOCK, READPAST, UPDLOCK)",
            "OUTPUT inserted.*",
            "LEFT JOIN [Guests]",
            "GROUP BY [d].[RecipientKey]",
            "SELECT [d].[AskedAddress]",
            "INSERT INTO [Deliveries]",
            "UPDATE [OutboxMessages]");
    }

    [Fact]
    public async Task Of_the_ledger()
    {
        var ledger = _blog.Get<DeliveryLedger>();

        var delivery = Assert.Single(await ledger.ClaimAsync(NoticeChannel.Email, 10, Cancel));
        Assert.True(await ledger.StartSendingAsync([delivery], Cancel));
        var failed = SendResult.Permanent("550", "No such mailbox");
        await ledger.SaveAsync(
            [new DeliveryResult(delivery, row => row.Fail(failed, Now), DeliveryAttempt.Of(delivery, failed, Now), NewSuppression())], Cancel);

        AssertAccepted(
            "WITH (ROWLOCK, READPAST, UPDLOCK)", "[Crashes] + CASE", "SET [d].[SendStartedAt]", "UPDATE [Deliveries]", "INSERT INTO [DeliveryAttempts]", "INSERT INTO [Suppressions]");
    }

    [Fact]
    public async Task Of_reading_notices()
    {
        string[] recipients = [$"user:{_values.Id}", $"guest:{_values.Id}", "email:a@example.com", "phone:+821000000000"];

        var notices = await _blog.Get<NoticeReader>().ReadAsync([.. recipients.Select(NewDelivery)], Cancel);

        Assert.Equal(recipients.Length, notices.Count);
        AssertAccepted("FROM [Comments]", "FROM [Users]", "FROM [Guests]", "FROM [Suppressions]");
    }

    [Fact]
    public async Task Of_delivery_reports()
    {
        // The recipient of the delivery.
        _values.Text = $"user:{_values.Id}";
        var reports = _blog.Get<IDeliveryReports>();
        var failure = SendResult.Permanent("30003", suppress: SuppressionReason.OptedOut);

        await reports.ApplyAsync([new DeliveryReport("id-1", _values.Id, DeliveryReportStatus.Failed, "30003", "Unreachable") { Failure = failure }], Cancel);
        await reports.ApplyAsync([new DeliveryReport("id-1", null, DeliveryReportStatus.Delivered, null, null)], Cancel);
        await reports.OptOutAsync("+821000000000", Cancel);
        await reports.OptInAsync("+821000000000", Cancel);

        AssertAccepted("[ProviderId] =", "UPDATE [Deliveries]", "[u].[PhoneNumber]", "DELETE FROM [Suppressions]");
    }

    [Fact]
    public async Task Of_subscriptions()
    {
        var subscriptions = _blog.Get<Subscriptions>();
        var owner = new NoticeLinkOwner($"guest:{_values.Id}", "a@example.com");

        Assert.True(await subscriptions.IsStoppedAsync(owner, Cancel));
        await subscriptions.ResumeAsync(owner, Cancel);
        Assert.True(await subscriptions.ConfirmAsync(owner, Cancel));
        _values.HasRows = false;
        await subscriptions.StopAsync(owner, Cancel);

        AssertAccepted("FROM [Suppressions]", "DELETE FROM [Suppressions]", "FROM [Guests]", "INSERT INTO [Suppressions]");
    }

    [Fact]
    public void Of_the_protection_keys()
    {
        _values.Text = "<key />";
        var keys = new DatabaseXmlRepository(_blog.Get<IDbContextFactory<BlogDbContext>>(), _blog.Get<WriteGate>());

        keys.StoreElement(new XElement("key"), "a key");
        Assert.Single(keys.GetAllElements());

        AssertAccepted("INSERT INTO [DataProtectionKeys]", "FROM [DataProtectionKeys]");
    }

    public ValueTask DisposeAsync() => _blog.DisposeAsync();

    /// <param name="fragments">What must be among the statements, so that the test looks at those it is about.</param>
    private void AssertAccepted(params string[] fragments)
    {
        var all = string.Join('\n', _recorder.Statements);
        Assert.All(fragments, fragment => Assert.Contains(fragment, all, StringComparison.Ordinal));
        Assert.Empty(_recorder.Statements.SelectMany(TransactSql.Check));
    }

    private Delivery NewDelivery(string recipient) => new()
    {
        CommentId = _values.Id,
        Event = NoticeEvent.CommentPublished,
        RecipientKey = recipient,
        Channel = NoticeChannel.Email,
        CreatedAt = Now,
        DueAt = Now,
    };

    private static Suppression NewSuppression() =>
        new() { Address = "a@example.com", Channel = NoticeChannel.Email, Reason = SuppressionReason.Undeliverable, CreatedAt = Now };
}
