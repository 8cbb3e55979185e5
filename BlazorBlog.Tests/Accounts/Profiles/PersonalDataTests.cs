using System.Security.Claims;
using System.Text.Json;
using BlazorBlog.Accounts.Mail;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Comments;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlazorBlog.Accounts.Profiles;

public abstract class PersonalDataTests(IDatabaseServer server) : DatabaseTests(server)
{
    private const string Name = "Seoyeon Unmistakable";
    private const string Address = "Seoyeon.Unmistakable@example.com";
    private const string Phone = "+821077778888";
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";

    private PersonalData Data => Blog.Get<PersonalData>();

    [Fact]
    public async Task The_file_holds_what_the_blog_knows()
    {
        var person = await LiveALittleAsync();

        var file = await Data.ReadAsync(person.Principal, Cancel);

        Assert.Equal((Name, Address, Phone, "Ko", "Asia/Seoul"), (file.Profile.Name, file.Profile.Email, file.Profile.Phone, file.Profile.Language, file.Profile.TimeZone));
        Assert.Equal([Roles.Reader], file.Profile.Roles);
        Assert.Equal("picture"u8.ToArray(), file.Profile.Picture);
        Assert.Equal(2, file.BeforeTheAccount.Count);
        var edited = Assert.Single(file.Comments, comment => comment.Id == person.Edited);
        Assert.Equal(("Second thoughts", "Approved", "/posts/first-post"), (edited.Text, edited.Status, edited.Address.AbsolutePath));
        Assert.Equal(["First thoughts"], edited.EarlierTexts);
        Assert.NotNull(edited.EditedAt);
        Assert.Equal([person.Edited, person.Hidden, person.AsGuest], file.Comments.Select(comment => comment.Id));
        Assert.Equal("Hidden", file.Comments[1].Status);
        Assert.Equal(
            [(person.Edited, "Like"), (person.Strangers, "Love")], file.Reactions.Select(reaction => (reaction.Comment, reaction.Kind)).OrderBy(reaction => reaction.Kind, StringComparer.Ordinal));
        Assert.Equal(["Firefox, Windows"], file.SignIns.Select(signIn => signIn.Browser));
        Assert.Equal("GitHub", Assert.Single(file.OtherWaysToSignIn).Provider);
        Assert.Equal("My phone", Assert.Single(file.Passkeys).Name);
        Assert.Equal(["Account", "CommentPublished", "ConfirmAddress"], file.Notices.Select(notice => notice.Event).Order());
        Assert.True(file.MailStopped);
        Assert.DoesNotContain("Of somebody else", JsonSerializer.Serialize(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_that_are_kept_are_nobodys()
    {
        var person = await LiveALittleAsync();
        var before = await SequenceAsync();

        Assert.Null(await Data.DeleteAsync(person.Principal, keepComments: true, Cancel));

        await using var db = Blog.OpenContext();
        var comments = await db.Comments.AsNoTracking().Include(comment => comment.Guest).Where(comment => comment.Id != person.Strangers).OrderBy(comment => comment.CreatedAt).ToListAsync(Cancel);
        Assert.Equal(["Second thoughts", "Out of sight", "Before I had an account"], comments.Select(comment => comment.Body));
        Assert.All(comments, comment =>
        {
            Assert.Equal(("Deleted user", null, null), (comment.AuthorName, comment.UserId, comment.RemovedAt));
            Assert.Equal(("", null, null), (comment.Guest!.Name, comment.Guest.Email, comment.Guest.UserId));
        });
        Assert.Empty(await db.CommentRevisions.AsNoTracking().ToListAsync(Cancel));
        // Whoever has the thread open sees it.
        var told = await Blog.UseAsync(service => service.ReadChangesAsync(person.Post.Id, before, Cancel));
        Assert.Contains(told!.Rows, row => row.Id == person.Edited && row.AuthorName == "Deleted user");
    }

    [Fact]
    public async Task Words_that_go_leave_their_place_and_nothing_else()
    {
        var person = await LiveALittleAsync();

        Assert.Null(await Data.DeleteAsync(person.Principal, keepComments: false, Cancel));

        await using var db = Blog.OpenContext();
        var comments = await db.Comments.AsNoTracking().Where(comment => comment.Id != person.Strangers).ToListAsync(Cancel);
        Assert.Equal(3, comments.Count);
        Assert.All(comments, comment => Assert.Equal(("", "", "Deleted user", true), (comment.Body, comment.Html, comment.AuthorName, comment.RemovedAt is not null)));
        Assert.Empty(await Traces.FindAsync(db, ["thoughts", "Out of sight", "Before I had"]));
        Assert.Equal("Of somebody else", (await db.Comments.AsNoTracking().SingleAsync(comment => comment.Id == person.Strangers, Cancel)).Body);
    }

    [Fact]
    public async Task Reactions_are_taken_back_and_those_of_others_stay()
    {
        var person = await LiveALittleAsync();

        await Data.DeleteAsync(person.Principal, keepComments: true, Cancel);

        await using var db = Blog.OpenContext();
        var strangers = await db.Comments.AsNoTracking().SingleAsync(comment => comment.Id == person.Strangers, Cancel);
        Assert.Equal(new ReactionCounts().Change(Reaction.Love, 1), strangers.Reactions);
        Assert.Equal(new ReactionCounts(), (await db.Comments.AsNoTracking().SingleAsync(comment => comment.Id == person.Edited, Cancel)).Reactions);
        var left = await db.CommentReactions.AsNoTracking().SingleAsync(Cancel);
        Assert.Equal((person.Strangers, Reaction.Love), (left.CommentId, left.Kind));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_anywhere_says_who_it_was_once_the_last_mail_is_sent(bool keepComments)
    {
        var person = await LiveALittleAsync();
        var words = person.Words;
        await using var db = Blog.OpenContext();
        var before = await Traces.FindAsync(db, words);
        // Otherwise this would look for what never was there.
        string[] tables = ["AccountMails", "Avatars", "Comments", "CommentReactions", "Deliveries", "DeliveryAttempts", "EmailVerifications", "Guests", "SignInSessions", "Suppressions", "ThreadReaders", "UserLogins", "UserPasskeys", "UserRoles", "UserTokens", "Users"];
        Assert.All(tables, table => Assert.Contains(before, trace => trace.StartsWith(table + ".", StringComparison.Ordinal)));

        Assert.Null(await Data.DeleteAsync(person.Principal, keepComments, Cancel));

        var left = await Traces.FindAsync(db, words);
        Assert.Equal([$"AccountMails.Email: {Address}", $"AccountMails.Name: {Name}"], left.Order());
        Assert.Equal(AccountChange.Deleted, (await db.AccountMails.AsNoTracking().SingleAsync(Cancel)).Change);
        await SendMailsAsync();
        Assert.Empty(await Traces.FindAsync(db, words));
    }

    [Fact]
    public async Task The_ledger_keeps_that_something_was_sent_and_neither_to_whom_nor_what_was_said_about_it()
    {
        var person = await LiveALittleAsync();

        await Data.DeleteAsync(person.Principal, keepComments: true, Cancel);

        await using var db = Blog.OpenContext();
        var deliveries = await db.Deliveries.AsNoTracking().Include(delivery => delivery.History).Where(delivery => delivery.LastCode == "550").ToListAsync(Cancel);
        Assert.Equal(2, deliveries.Count);
        Assert.All(deliveries, delivery =>
        {
            Assert.Equal((null, null), (delivery.LastText, delivery.AskedAddress));
            Assert.Null(Assert.Single(delivery.History).Text);
        });
        var strangers = await db.Deliveries.AsNoTracking().SingleAsync(delivery => delivery.RecipientKey == "email:editor@example.com", Cancel);
        Assert.Equal("250 Thank you", strangers.LastText);
    }

    [Fact]
    public async Task The_posts_of_an_author_stay_and_their_author_is_an_empty_row()
    {
        var person = await LiveALittleAsync();
        await using var db = Blog.OpenContext();
        await db.Posts.ExecuteUpdateAsync(set => set.SetProperty(post => post.AuthorId, person.User.Id), Cancel);

        Assert.Null(await Data.DeleteAsync(person.Principal, keepComments: true, Cancel));

        await SendMailsAsync();
        var row = await db.Users.AsNoTracking().SingleAsync(user => user.Id == person.User.Id, Cancel);
        Assert.Equal(("Deleted user", null, null, null, null), (row.DisplayName, row.Email, row.NormalizedEmail, row.PhoneNumber, row.PasswordHash));
        Assert.Equal((null, null, null, false), (row.Culture, row.TimeZone, row.AvatarId, row.TwoFactorEnabled));
        Assert.NotEqual(person.User.SecurityStamp, row.SecurityStamp);
        Assert.True(ClaimsPrincipalExtensions.IsBanned(row.LockoutEnd, Blog.Get<TimeProvider>().GetUtcNow()));
        var left = await Traces.FindAsync(db, person.Words);
        Assert.Equal(
            ["Posts.AuthorId", "Users.Id", "Users.NormalizedUserName", "Users.UserName"], left.Select(trace => trace.Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.Equal("Deleted user", (await Blog.UseAsync(service => service.FindPostAsync("first-post", Cancel)))!.AuthorName);
    }

    [Fact]
    public async Task Whoever_is_gone_is_signed_out_and_may_come_back_as_somebody_new()
    {
        var person = await LiveALittleAsync();

        await Data.DeleteAsync(person.Principal, keepComments: true, Cancel);

        Assert.Null(await Blog.Get<SignInSessions>().FindAsync(person.Principal, Cancel));
        var again = await AddUserAsync();
        await Blog.Get<GuestLinking>().ClaimAsync(again, person.GuestId, Cancel);
        await using var db = Blog.OpenContext();
        Assert.DoesNotContain(await db.Comments.AsNoTracking().ToListAsync(Cancel), comment => comment.UserId == again.Id);
    }

    [Fact]
    public async Task The_last_administrator_cannot_leave()
    {
        var boss = await TestPeople.SignInAsync(Blog.Services, Roles.Administrator);

        Assert.NotNull(await Data.DeleteAsync(boss, keepComments: true, Cancel));
        Assert.NotNull(await Blog.Get<SignInSessions>().FindAsync(boss, Cancel));

        await TestPeople.AddAsync(Blog.Services, Roles.Administrator);
        Assert.Null(await Data.DeleteAsync(boss, keepComments: true, Cancel));
    }

    [Fact]
    public async Task Two_administrators_who_delete_themselves_at_once_leave_one()
    {
        DatabaseBlog[] nodes = [Blog, OpenNode()];
        for (var round = 0; round < 10; round++)
        {
            var admins = await Task.WhenAll(nodes.Select(node => TestPeople.SignInAsync(node.Services, Roles.Administrator)));

            var answers = await Task.WhenAll(nodes.Zip(admins, (node, admin) => Task.Run(
                () => node.Get<PersonalData>().DeleteAsync(admin, keepComments: true, Cancel), Cancel)));

            Assert.Single(answers, answer => answer is not null);
            await using var db = Blog.OpenContext();
            Assert.Equal(1, await db.UserRoles.Where(role => role.RoleId == Roles.IdOf(Roles.Administrator)).ExecuteDeleteAsync(Cancel));
        }
    }

    [Fact]
    public async Task Somebody_leaves_while_another_person_of_the_same_threads_takes_another_name()
    {
        var (one, two) = (await Blog.AddPostAsync("one"), await Blog.AddPostAsync("two"));
        DatabaseBlog[] nodes = [Blog, OpenNode()];
        for (var round = 0; round < 10; round++)
        {
            var (leaves, stays) = (await TestPeople.AddAsync(Blog.Services, Roles.Reader), await TestPeople.AddAsync(Blog.Services, Roles.Reader));
            var answered = await CommentAsync(one, stays, $"First {round}");
            await CommentAsync(two, stays, $"Second {round}");
            await CommentAsync(two, leaves, $"Third {round}");
            await ReactAsync(one, answered, new CommentAuthor(leaves.Id, null), Reaction.Like);
            var (leaver, stayer) = (await TestPeople.SignInAsync(Blog.Services, leaves), await TestPeople.SignInAsync(Blog.Services, stays));

            await Task.WhenAll(
                Task.Run(() => nodes[0].Get<PersonalData>().DeleteAsync(leaver, keepComments: true, Cancel), Cancel),
                Task.Run(() => nodes[1].Get<ProfileService>().ChangeAsync(stayer, "Hana", "", "", Cancel), Cancel));
        }

        await using var db = Blog.OpenContext();
        var comments = await db.Comments.AsNoTracking().ToListAsync(Cancel);
        Assert.Equal((20, 10), (comments.Count(comment => comment.AuthorName == "Hana"), comments.Count(comment => comment.AuthorName == "Deleted user")));
        Assert.All(comments, comment => Assert.Equal(new ReactionCounts(), comment.Reactions));
    }

    private Task<BlogUser> AddUserAsync() => TestPeople.AddAsync(Blog.Services, Roles.Reader, user =>
    {
        (user.DisplayName, user.Email, user.PhoneNumber, user.Culture, user.TimeZone) = (Name, Address, Phone, SiteCulture.Ko, "Asia/Seoul");
        user.PasswordHash = "a hash";
    });

    /// <summary>A reader who has left something in every table there is.</summary>
    private async Task<Person> LiveALittleAsync()
    {
        var post = await Blog.AddPostAsync();
        var strangers = Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(post.Slug, "Of somebody else"));
        await ReactAsync(post, strangers.CommentId, CommentAuthor.OfGuest(strangers.GuestId), Reaction.Love);
        await Blog.Get<EmailVerifications>().AskAsync(
            new VerificationRequest(VerificationPurpose.SignUp, Address) { DisplayName = Name, MailName = Name, PasswordHash = "a hash" }, AccountMailKind.SignUp, Cancel);
        var user = await AddUserAsync();
        var principal = await TestPeople.SignInAsync(Blog.Services, user, Firefox);
        var me = new CommentAuthor(user.Id, null);

        var edited = await CommentAsync(post, user, "First thoughts");
        await Blog.UseAsync(service => service.EditCommentAsync(post.Slug, edited, me, "Second thoughts", Cancel));
        var hidden = await CommentAsync(post, user, "Out of sight");
        await Blog.MustModerateAsync(moderator => moderator.HideAsync(hidden, Cancel));
        await ReactAsync(post, edited, me, Reaction.Like);

        // A browser that confirmed the address, and was not claimed yet.
        var asGuest = Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(post.Slug, "Before I had an account"));
        await ReactAsync(post, strangers.CommentId, CommentAuthor.OfGuest(asGuest.GuestId), Reaction.Love);

        await using var db = Blog.OpenContext();
        var now = Blog.Get<TimeProvider>().GetUtcNow();
        var guest = await db.Guests.SingleAsync(row => row.Id == asGuest.GuestId, Cancel);
        guest.Name = Name;
        guest.UseEmail(Address);
        guest.ConfirmEmail(now);
        var claimed = new Guest { Name = Name, UserId = user.Id, CreatedAt = now };
        var avatar = new Avatar { UserId = user.Id, Bytes = "picture"u8.ToArray() };
        (await db.Users.SingleAsync(row => row.Id == user.Id, Cancel)).AvatarId = avatar.Id;
        db.AddRange(
            claimed,
            avatar,
            new IdentityUserLogin<Guid> { UserId = user.Id, LoginProvider = "GitHub", ProviderKey = "1234", ProviderDisplayName = Address },
            new IdentityUserToken<Guid> { UserId = user.Id, LoginProvider = "[AspNetUserStore]", Name = "AuthenticatorKey", Value = "SECRET" },
            new IdentityUserPasskey<Guid>
            {
                UserId = user.Id,
                CredentialId = [1, 2, 3],
                Data = new() { Name = "My phone", PublicKey = [4], AttestationObject = [5], ClientDataJson = [6], CreatedAt = now, Transports = ["internal"] },
            },
            new ThreadReader { PostId = post.Id, RecipientKey = RecipientKey.OfUser(user.Id), WindowId = Guid.NewGuid(), Until = now },
            Suppression.Of(EmailAddress.Normalize(Address), NotificationChannel.Email, SuppressionReason.OptedOut, now),
            Suppression.Of(Phone, NotificationChannel.Sms, SuppressionReason.OptedOut, now),
            Told(RecipientKey.OfUser(user.Id), NotificationEvent.CommentPublished, SendResult.Permanent("550", $"<{Address}> unknown")),
            Told(RecipientKey.OfGuest(guest.Id), NotificationEvent.ConfirmAddress, SendResult.Permanent("550", $"<{Address}> unknown"), EmailAddress.Normalize(Address)),
            Told("email:editor@example.com", NotificationEvent.CommentPublished, SendResult.Accepted(text: "250 Thank you")));
        await db.SaveChangesAsync(Cancel);
        await Blog.Get<AccountNotifier>().TellAsync(user, AccountChange.PasskeyAdded, Cancel);
        return new Person(user, principal, post, edited, hidden, asGuest.CommentId, guest.Id, claimed.Id, strangers.CommentId);

        Delivery Told(string key, NotificationEvent about, SendResult result, string? asked = null)
        {
            var delivery = new Delivery
            {
                CommentId = strangers.CommentId,
                Event = about,
                RecipientKey = key,
                Channel = NotificationChannel.Email,
                CreatedAt = now,
                DueAt = now,
                AskedAddress = asked,
            };
            if (result.Outcome == SendOutcome.Accepted)
            {
                delivery.Accept(result, now);
            }
            else
            {
                delivery.Fail(result, now);
            }

            delivery.History.Add(DeliveryAttempt.Of(delivery, result, now));
            return delivery;
        }
    }

    private async Task<Guid> CommentAsync(Post post, BlogUser user, string body)
    {
        var draft = new CommentDraft { Body = body, IdempotencyKey = Guid.NewGuid().ToString() };
        var account = new WritingAccount(user.Id, user.DisplayName, IsStaff: false);
        return Assert.IsType<CommentOutcome.Saved>(await Blog.UseAsync(service => service.AddCommentAsync(post.Slug, draft, guestId: null, account, Cancel))).CommentId;
    }

    private Task ReactAsync(Post post, Guid commentId, CommentAuthor author, Reaction kind) =>
        Blog.UseAsync(service => service.ReactAsync(post.Slug, commentId, author, kind, wanted: true, Cancel));

    private async Task<long> SequenceAsync()
    {
        await using var db = Blog.OpenContext();
        return await db.Posts.Select(post => post.ThreadSequence).SingleAsync(Cancel);
    }

    private async Task SendMailsAsync()
    {
        var node = OpenNode(settings: ("Email:Transport", "Memory"));
        await using (var outbox = node.OpenContext())
        {
            // The notices of the comments are not what is looked at.
            await outbox.OutboxMessages.ExecuteUpdateAsync(set => set.SetProperty(message => message.ProcessedAt, FakeClock.Start), Cancel);
        }

        var dispatcher = node.Services.GetServices<IHostedService>().OfType<NotificationDispatcher>().Single();
        await dispatcher.StartAsync(Cancel);
        await Eventually.WaitUntilAsync(
            async () =>
            {
                await using var db = node.OpenContext();
                return !await db.AccountMails.AnyAsync(Cancel);
            },
            "the mails were sent");
        await dispatcher.StopAsync(Cancel);
        Assert.Equal(Address, Assert.Single(node.Get<MemoryEmailTransport>().Messages).To.Address);
    }

    private sealed record Person(
        BlogUser User, ClaimsPrincipal Principal, Post Post, Guid Edited, Guid Hidden, Guid AsGuest, Guid GuestId, Guid ClaimedId, Guid Strangers)
    {
        public string[] Words => [Name, "Unmistakable", Phone, .. Traces.Spellings(User.Id), .. Traces.Spellings(GuestId), .. Traces.Spellings(ClaimedId)];
    }
}

public sealed class SqlitePersonalDataTests(SqliteFiles files) : PersonalDataTests(files);

public sealed class PostgreSqlPersonalDataTests(PostgreSqlServer server) : PersonalDataTests(server);
