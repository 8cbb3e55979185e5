using System.Security.Claims;
using System.Xml.Linq;
using BlazorBlog.Accounts;
using BlazorBlog.Accounts.Mail;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Admin.Dashboard;
using BlazorBlog.Comments;
using BlazorBlog.Comments.Editing;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Data.Keys;
using BlazorBlog.Data.Providers;
using BlazorBlog.Data.Seed;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Notifications.Templates;
using BlazorBlog.Notifications.Unsubscribe;
using BlazorBlog.Support;
using BlazorBlog.Threads;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlazorBlog.Data.SqlServer;

/// <summary>The grammar of SQL Server accepts every statement the services send to it.</summary>
public sealed class SqlServerStatementTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly AnyValues _values = new();
    private readonly FakeClock _clock = FakeClock.Standing(Now);
    private readonly StatementRecorder _recorder;
    private readonly DatabaseBlog _blog;

    public SqlServerStatementTests()
    {
        _recorder = new StatementRecorder(_values);
        _blog = DatabaseBlog.Open(
            new BlogDatabase(DatabaseProvider.SqlServer, "Server=nowhere;Database=Blog"),
            _clock,
            configure: services => services.ConfigureDbContext<SqlServerBlogDbContext>(options => options.AddInterceptors(_recorder))
                // The real keys stand in the database that is not there.
                .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider()),
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
        Assert.NotNull(await service.FindWriterAsync(new CommentAuthor(_values.Id, _values.Id), _values.Id, Cancel));
        Assert.NotNull(await service.FindSlugOfCommentAsync(_values.Id, Cancel));
        Assert.NotNull(await service.ReadOwnAsync(_values.Id, new CommentAuthor(_values.Id, _values.Id), Cancel));
        Assert.Equal(1, (await service.ReadThreadAsync(_values.Id, 1, Cancel)).Sequence);

        AssertAccepted("FETCH NEXT", "FROM [Comments]", "[PostTag]", "FROM [CommentReactions]", "[ThreadSequence]");
    }

    [Theory]
    [InlineData(0, "EXISTS")]
    [InlineData(7, "[c].[Sequence] > @")]
    public async Task Of_following_a_thread(long after, string fragment)
    {
        var changes = await _blog.UseAsync(service => service.ReadChangesAsync(_values.Id, after, Cancel));

        Assert.Equal(1, changes!.Sequence);
        Assert.Single(changes.Rows);
        AssertAccepted("[ThreadSequence]", "[Reactions_Like]", "ORDER BY [c].[Sequence]", fragment);
    }

    [Fact]
    public async Task Of_own_actions()
    {
        // The comment is there, and so is its guest.
        _values.Nulls.UnionWith(["RemovedAt", "UserId"]);
        var author = CommentAuthor.OfGuest(_values.Id);

        Assert.IsType<CommentActionResult.Done>(await _blog.UseAsync(service => service.EditCommentAsync(_values.Text, _values.Id, author, "Changed", Cancel)));
        Assert.IsType<CommentActionResult.Done>(await _blog.UseAsync(service => service.RemoveOwnCommentAsync(_values.Text, _values.Id, author, Cancel)));
        Assert.IsType<CommentActionResult.Done>(await _blog.UseAsync(service => service.ReactAsync(_values.Text, _values.Id, author, Reaction.Like, wanted: false, Cancel)));

        AssertAccepted("UPDATE [p]", "INSERT INTO [CommentRevisions]", "UPDATE [Comments]", "FROM [CommentReactions]", "DELETE FROM [CommentReactions]");
    }

    [Fact]
    public async Task Of_a_reaction_of_somebody_unknown()
    {
        _values.Nulls.UnionWith(["RemovedAt", "UserId"]);
        _values.Missing.Add("FROM [CommentReactions]");

        Assert.IsType<CommentActionResult.Done>(await _blog.UseAsync(service => service.ReactAsync(_values.Text, _values.Id, default, Reaction.Like, wanted: true, Cancel)));

        AssertAccepted("INSERT INTO [Guests]", "INSERT INTO [CommentReactions]", "[Reactions_Like]");
    }

    [Fact]
    public async Task Of_moderating()
    {
        // Every row is approved, so approving it changes nothing.
        _values.Nulls.Add("RemovedAt");

        Assert.True(await Moderator().HideAsync(_values.Id, Cancel));
        Assert.True(await Moderator().MarkAsSpamAsync(_values.Id, Cancel));
        Assert.True(await Moderator().HoldAsync(_values.Id, Cancel));
        Assert.True(await Moderator().RemoveAsync(_values.Id, Cancel));
        Assert.False(await Moderator().ApproveAsync(_values.Id, Cancel));

        AssertAccepted("UPDATE [p]", "UPDATE [Comments]", "[HoldReason] = @", "[RemovedAt] = @");
    }

    [Fact]
    public async Task Of_approving_what_waited()
    {
        _values.Nulls.Add("RemovedAt");
        _values.Numbers["Status"] = (int)CommentStatus.Hidden;

        Assert.True(await Moderator().ApproveAsync(_values.Id, Cancel));

        AssertAccepted("UPDATE [Comments]", "FROM [OutboxMessages]");
    }

    [Fact]
    public async Task Of_presence()
    {
        var presence = _blog.Get<ThreadPresence>();
        await presence.EnterAsync(_values.Id, "guest:1", _values.Id, Cancel);
        await presence.LeaveAsync(_values.Id, "guest:1", _values.Id);
        _values.Missing.Add("FROM [ThreadReaders]");
        await presence.EnterAsync(_values.Id, "guest:1", _values.Id, Cancel);
        await presence.LeaveAsync(_values.Id, "guest:1", _values.Id);
        _values.Missing.Add("FROM [OutboxMessages]");
        _values.Nulls.UnionWith(["LeaseOwner", "SendStartedAt"]);
        _values.Numbers["Attempts"] = 0;
        await presence.SeeAsync("guest:1", [_values.Id], Cancel);

        AssertAccepted("UPDATE [ThreadReaders]", "INSERT INTO [ThreadReaders]", "DELETE FROM [t]", "SET [d].[DueAt]", "FROM [OutboxMessages]", "UPDATE [Deliveries]");
    }

    [Fact]
    public async Task Of_keeping_presence_alive()
    {
        var presence = _blog.Get<ThreadPresence>();
        await presence.EnterAsync(_values.Id, "guest:1", _values.Id, Cancel);
        await presence.StartAsync(Cancel);

        await RanAsync("DELETE FROM [t]");

        await presence.StopAsync(Cancel);
        AssertAccepted("SET [t].[Until]", "OPENJSON", "DELETE FROM [t]");
    }

    [Fact]
    public async Task Of_looking_for_the_changes_of_other_nodes()
    {
        using var reader = _blog.Get<LiveThreads>().Subscribe(_values.Id, 0, () => Task.CompletedTask);
        var poll = _blog.Services.GetServices<IHostedService>().OfType<ThreadPoll>().Single();
        await poll.StartAsync(Cancel);

        await RanAsync("OPENJSON");

        await poll.StopAsync(Cancel);
        AssertAccepted("SELECT [p].[Id], [p].[ThreadSequence]", "OPENJSON");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_commenting(bool withKey)
    {
        // A guest who has no account.
        _values.Nulls.Add("UserId");

        var outcome = await _blog.CommentAsync(_values.Text, "Hello", withKey ? Guid.NewGuid().ToString() : "", _values.Id);

        Assert.IsType<CommentOutcome.Saved>(outcome);
        AssertAccepted("UPDATE [p]", "[ThreadSequence] + @", "FROM [CommentRevisions]", "INSERT INTO [Comments]", "INSERT INTO [OutboxMessages]", "UPDATE [Guests]");
    }

    [Fact]
    public async Task Of_saving_a_comment_again()
    {
        _values.Missing.Add("FROM [Comments]");
        var comment = new NewComment(_values.Id, _values.Text, null, null, "Grace", null, "Hello", "<p>Hello</p>", null, NotifyReplies: false, Culture: null);

        Assert.IsType<CommentOutcome.Saved>(Assert.Single(await _blog.Get<CommentStore>().SaveAsync([comment], isRepeat: true, Cancel)));

        AssertAccepted("WHERE [c].[Id] IN (\n    SELECT", "INSERT INTO [Guests]", "INSERT INTO [Comments]");
    }

    [Fact]
    public async Task Of_looking_for_a_commit()
    {
        await using var db = _blog.OpenContext();

        Assert.NotNull(await db.Entry(NewDelivery("guest:1")).GetDatabaseValuesAsync(Cancel));

        AssertAccepted("SELECT TOP(1)", "FROM [Deliveries]");
    }

    [Fact]
    public async Task Of_looking_after_the_blog()
    {
        var moderator = SignedIn(Roles.Moderator);
        await _blog.Get<AdminOverview>().ReadAsync(moderator, Cancel);
        await _blog.Get<ThreadModeration>().ListAsync(moderator, _values.Id, Cancel);

        AssertAccepted("SELECT COUNT(*)", "[Status] = 0", "ORDER BY [c].[CreatedAt]", "ORDER BY [c].[Sequence] DESC");
    }

    [Fact]
    public async Task Of_the_seed()
    {
        _values.Missing.Add("FROM [Posts]");
        await ActivatorUtilities.CreateInstance<Seeder>(_blog.Services).SeedAsync(Cancel);

        AssertAccepted("INSERT INTO [Posts]", "[Tags]", "[Comments]", "[Users]", "[UserRoles]", "[OutboxMessages]");
    }

    [Fact]
    public async Task Of_answering_a_comment()
    {
        _values.Nulls.Add("RemovedAt");

        Assert.IsType<CommentOutcome.Saved>(await _blog.CommentAsync(_values.Text, "Hello", Guid.NewGuid().ToString(), _values.Id, _values.Id));

        AssertAccepted("UPDATE [p]", "INSERT INTO [Comments]");
    }

    [Fact]
    public async Task Of_the_fan_out()
    {
        _values.Numbers["Kind"] = (int)OutboxKind.CommentPublished;
        // A guest wrote it, who has still to confirm the address.
        _values.Nulls.UnionWith(["RemovedAt", "UserId", "EmailConfirmedAt"]);

        await _blog.Get<OutboxProcessor>().RunAsync(_ => 100, Cancel);

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
    public async Task Of_the_fan_out_to_moderators()
    {
        // What waits, of a guest.
        _values.Nulls.UnionWith(["RemovedAt", "UserId"]);
        _values.Numbers["Kind"] = (int)OutboxKind.CommentHeld;
        _values.Numbers["Status"] = (int)CommentStatus.Pending;

        await _blog.Get<OutboxProcessor>().RunAsync(_ => 100, Cancel);

        AssertAccepted("FROM [Deliveries]", "[d].[Event] = 2", "[d].[FinishedAt] > @", "INSERT INTO [Deliveries]", "UPDATE [OutboxMessages]");
    }

    [Fact]
    public async Task Of_the_ledger()
    {
        var ledger = _blog.Get<DeliveryStore>();

        var delivery = Assert.Single(await ledger.ClaimAsync(NotificationChannel.Email, DeliveryPriority.Normal, 10, Cancel));
        Assert.Single(await ledger.StartSendingAsync([delivery], Cancel));
        var failed = SendResult.Permanent("550", "No such mailbox");
        await ledger.SaveAsync(
            [new DeliveryResult(delivery, row => row.Fail(failed, Now), DeliveryAttempt.Of(delivery, failed, Now), NewSuppression())], isRepeat: true, Cancel);

        AssertAccepted(
            "WITH (ROWLOCK, READPAST, UPDLOCK)", "[AbandonedLeases] + CASE", "SET [d].[SendStartedAt]", "SYSDATETIMEOFFSET()", "DATEADD(", "UPDATE [Deliveries]", "INSERT INTO [DeliveryAttempts]", "INSERT INTO [Suppressions]");
    }

    [Fact]
    public async Task Of_reading_notices()
    {
        string[] recipients = [$"user:{_values.Id}", $"guest:{_values.Id}", "email:a@example.com", "phone:+821000000000"];

        var notices = await _blog.Get<NotificationLoader>().ReadAsync([.. recipients.Select(recipient => NewDelivery(recipient))], Cancel);

        Assert.Equal(recipients.Length, notices.Count);
        AssertAccepted("FROM [Comments]", "FROM [Users]", "FROM [Guests]", "FROM [Suppressions]", "FROM [ThreadReaders]");
    }

    [Fact]
    public async Task Of_reading_what_waits()
    {
        string[] moderators = [$"user:{_values.Id}", "email:editor@example.com"];

        var notices = await _blog.Get<NotificationLoader>().ReadAsync([.. moderators.Select(moderator => NewDelivery(moderator, NotificationEvent.CommentHeld))], Cancel);

        Assert.Equal(moderators.Length, notices.Count);
        AssertAccepted("COUNT(*)", "SELECT TOP(@", "[AuthorId] = @", "[Status] = 0");
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
        var owner = new NotificationLinkOwner($"guest:{_values.Id}", "a@example.com");

        await subscriptions.ReadAsync(owner, Cancel);
        await subscriptions.ResumeAsync(owner, Cancel);
        Assert.Single(await subscriptions.ReadOthersAsync(owner, Cancel));
        Assert.True(await subscriptions.ConfirmAsync(owner, [_values.Id], Cancel));
        _values.HasRows = false;
        await subscriptions.StopAsync(owner, Cancel);

        AssertAccepted("FROM [Suppressions]", "DELETE FROM [Suppressions]", "FROM [Comments]", "FROM [Guests]", "INSERT INTO [Suppressions]");
    }

    [Fact]
    public async Task Of_sign_ins()
    {
        var sessions = _blog.Get<SignInSessions>();
        var person = SignedIn(Roles.Moderator);
        await sessions.StartAsync(_values.Id, SignInMethod.Password, null, Cancel);
        var account = await sessions.FindAsync(person, Cancel);
        await sessions.SeeAsync(account! with { LastSeenAt = Now.AddHours(-1) }, Cancel);
        await sessions.StrengthenAsync(_values.Id, SignInMethod.TwoFactor, Cancel);
        Assert.Single(await sessions.ListAsync(_values.Id, Cancel));
        await sessions.EndOthersAsync(_values.Id, _values.Id, Cancel);

        AssertAccepted("INSERT INTO [SignInSessions]", "[s].[LastSeenAt] < @", "SET [s].[LastSeenAt]", "SET [s].[Method]", "INNER JOIN [Roles]");
    }

    [Fact]
    public async Task Of_questions_to_mailboxes()
    {
        // In the place of a password's hash.
        _values.Text = "AAAA";
        var challenges = _blog.Get<EmailVerifications>();
        var id = await challenges.AskAsync(new VerificationRequest(VerificationPurpose.SignIn, "a@example.com"), AccountMailKind.SignIn, Cancel);
        _values.Nulls.Add("UsedAt");
        var challenge = await challenges.FindAsync(id, VerificationPurpose.SignIn, Cancel);
        Assert.True(await challenges.TakeAsync(id, Cancel));
        Assert.False(await challenges.TryPasswordAsync(challenge!, "correct horse", Cancel));

        AssertAccepted("DELETE FROM [e]", "INSERT INTO [EmailVerifications]", "INSERT INTO [Deliveries]", "INSERT INTO [AccountMails]", "SET [e].[UsedAt]", "[Attempts] + 1");
    }

    [Fact]
    public async Task Of_mails_about_accounts()
    {
        // About a change: the code of a question could not be read.
        _values.Nulls.Add("VerificationId");
        _values.Numbers["Kind"] = (int)AccountMailKind.Changed;
        var delivery = NewDelivery($"user:{_values.Id}", NotificationEvent.Account);
        var source = _blog.Services.GetServices<IEmailSource>().Single(source => source.Priority == DeliveryPriority.Account);
        Assert.Single(await source.ReadAsync([delivery], Cancel));
        await using var db = _blog.OpenContext();
        await AccountMail.ForgetFinishedAsync(db, [delivery.Id], Cancel);

        AssertAccepted("FROM [AccountMails]", "DELETE FROM [a]");
    }

    [Fact]
    public async Task Of_profiles_and_claims()
    {
        var person = SignedIn(Roles.Author);
        var profiles = _blog.Get<ProfileService>();
        Assert.Equal(_values.Text, (await profiles.ReadAsync(person, Cancel)).DisplayName);
        Assert.Empty(await profiles.ChangeAsync(person, "Hana", "ko", "Asia/Seoul", Cancel));
        await profiles.RemovePictureAsync(person, Cancel);
        await profiles.FindPictureAsync(_values.Id, Cancel);
        // Of a guest who was nobody's.
        _values.Nulls.Add("UserId");
        var user = new BlogUser { Id = _values.Id, DisplayName = "Hana", Email = "a@example.com", EmailConfirmed = true };
        await _blog.Get<GuestLinking>().ClaimAsync(user, _values.Id, Cancel);

        AssertAccepted("UPDATE [Users]", "UPDATE [Comments]", "SELECT DISTINCT", "DELETE FROM [Avatars]", "UPDATE [Guests]", "SET [c].[Person]");
    }

    [Fact]
    public async Task Of_roles()
    {
        var boss = SignedIn(Roles.Administrator);
        await using var free = DatabaseBlog.Open(
            new BlogDatabase(DatabaseProvider.SqlServer, "Server=nowhere;Database=Blog"),
            _clock,
            services => services.ConfigureDbContext<SqlServerBlogDbContext>(options => options.AddInterceptors(_recorder)),
            ("Admin:RequireTwoFactor", "false"));
        Assert.Null(await free.Get<ProfileService>().SetRoleAsync(boss, _values.Id, Roles.Author, held: false, Cancel));
        Assert.Null(await free.Get<FirstAdministrator>().CreateAsync("Hana", "a@example.com", "correct horse", Cancel));

        AssertAccepted("SET [r].[Name] = [r].[Name]", "DELETE FROM [UserRoles]", "FROM [UserRoles]");
    }

    [Fact]
    public async Task Of_personal_data()
    {
        // What is said about a passkey is JSON.
        _values.Missing.Add("FROM [UserPasskeys]");
        var person = SignedIn(Roles.Author);
        var data = _blog.Get<PersonalData>();
        Assert.Single((await data.ReadAsync(person, Cancel)).Comments);
        Assert.Null(await data.DeleteAsync(person, keepComments: false, Cancel));

        AssertAccepted(
            "DELETE FROM [CommentRevisions]", "DELETE FROM [CommentReactions]", "DELETE FROM [t]", "[Text] = NULL", "[RecipientKey] = @",
            "DELETE FROM [s]", "DELETE FROM [e]", "INSERT INTO [AccountMails]", "DELETE FROM [Guests]");
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

    /// <summary>Whose rows say what is asked of them: one text is both the stamp and the role.</summary>
    private ModeratorActions Moderator() => new(_blog.Get<ThreadModeration>(), SignedIn(Roles.Moderator));

    private ClaimsPrincipal SignedIn(string role)
    {
        _values.Text = role;
        _values.Nulls.Add("LockoutEnd");
        return TestPeople.Principal(new BlogUser { Id = _values.Id, DisplayName = role, SecurityStamp = role }, _values.Id);
    }

    /// <summary>A worker does its work when its time comes.</summary>
    private Task RanAsync(string fragment) => Eventually.WaitUntilAsync(
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(15));
            return _recorder.Statements.Any(statement => statement.Contains(fragment, StringComparison.Ordinal));
        },
        $"'{fragment}' was sent");

    /// <param name="fragments">What must be among the statements, so that the test looks at those it is about.</param>
    private void AssertAccepted(params string[] fragments)
    {
        var all = string.Join('\n', _recorder.Statements);
        Assert.All(fragments, fragment => Assert.Contains(fragment, all, StringComparison.Ordinal));
        Assert.Empty(_recorder.Statements.SelectMany(TransactSql.Check));
    }

    private Delivery NewDelivery(string recipient, NotificationEvent about = NotificationEvent.CommentPublished) => new()
    {
        CommentId = _values.Id,
        Event = about,
        RecipientKey = recipient,
        Channel = NotificationChannel.Email,
        CreatedAt = Now,
        DueAt = Now,
    };

    private static Suppression NewSuppression() =>
        Suppression.Of("a@example.com", NotificationChannel.Email, SuppressionReason.Undeliverable, Now);
}
