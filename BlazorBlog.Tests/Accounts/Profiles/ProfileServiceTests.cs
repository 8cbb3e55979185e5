using System.Security.Claims;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Comments;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Hosting;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts.Profiles;

public abstract class ProfileServiceTests(IDatabaseServer server) : DatabaseTests(server)
{
    private ProfileService ProfileService => Blog.Get<ProfileService>();

    [Fact]
    public async Task A_new_name_stands_beside_all_that_was_said_before()
    {
        var (one, two) = (await Blog.AddPostAsync("one"), await Blog.AddPostAsync("two"));
        var person = await TestPeople.SignInAsync(Blog.Services, Roles.Reader);
        foreach (var slug in new[] { "one", "one", "two" })
        {
            await CommentAsync(slug, person);
        }

        await Blog.CommentAsync("one", "Of somebody else");

        Assert.Empty(await ProfileService.ChangeAsync(person, "  Hana\n ", "ko", "Asia/Seoul", Cancel));

        await using var db = Blog.OpenContext();
        var comments = await db.Comments.AsNoTracking().ToListAsync(Cancel);
        Assert.Equal(["Grace", "Hana", "Hana", "Hana"], comments.Select(comment => comment.AuthorName).Order());
        Assert.All(comments.Where(comment => comment.AuthorName == "Hana"), comment => Assert.Equal(comment.PostId == one.Id ? 4 : 2, comment.Sequence));
        var told = await Blog.UseAsync(service => service.ReadChangesAsync(two.Id, 1, Cancel));
        Assert.Equal("Hana", Assert.Single(told!.Rows).AuthorName);
        var profile = await ProfileService.ReadAsync(person, Cancel);
        Assert.Equal(("Hana", SiteCulture.Ko, "Asia/Seoul"), (profile.DisplayName, profile.Culture, profile.TimeZone));
    }

    [Fact]
    public async Task What_is_no_choice_is_the_sites_and_the_same_name_changes_no_thread()
    {
        await Blog.AddPostAsync();
        var person = await TestPeople.SignInAsync(Blog.Services, Roles.Reader);
        await CommentAsync("first-post", person);
        await ProfileService.ChangeAsync(person, person.DisplayName(), "en", "Asia/Seoul", Cancel);

        Assert.Empty(await ProfileService.ChangeAsync(person, person.DisplayName(), "", "", Cancel));

        await using var db = Blog.OpenContext();
        var user = await db.Users.AsNoTracking().SingleAsync(user => user.Id == person.UserId(), Cancel);
        Assert.Equal((null, null), (user.Culture, user.TimeZone));
        Assert.Equal(1, (await db.Posts.AsNoTracking().SingleAsync(Cancel)).ThreadSequence);
    }

    [Theory]
    [InlineData("Name", "", "en", "UTC")]
    [InlineData("Name", "\u200B \u3164", "en", "UTC")]
    [InlineData("Name", "123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 1", "en", "UTC")]
    [InlineData("Culture", "Hana", "fr", "UTC")]
    [InlineData("Culture", "Hana", "7", "UTC")]
    [InlineData("TimeZone", "Hana", "en", "Mars/Olympus")]
    [InlineData("TimeZone", "Hana", "en", "../../etc/passwd")]
    public async Task What_cannot_be_is_refused_by_its_field_and_nothing_is_saved(string field, string name, string culture, string zone)
    {
        var person = await TestPeople.SignInAsync(Blog.Services, Roles.Reader);

        Assert.Equal([field], (await ProfileService.ChangeAsync(person, name, culture, zone, Cancel)).Keys);

        var profile = await ProfileService.ReadAsync(person, Cancel);
        Assert.Equal((person.DisplayName(), null, null), (profile.DisplayName, profile.Culture, profile.TimeZone));
    }

    [Fact]
    public async Task The_longest_name_is_taken()
    {
        var person = await TestPeople.SignInAsync(Blog.Services, Roles.Reader);

        Assert.Empty(await ProfileService.ChangeAsync(person, new string('한', BlogUser.MaxNameLength), "", "", Cancel));
    }

    [Fact]
    public async Task A_picture_takes_the_place_of_the_last_one_and_can_be_taken_away()
    {
        await Blog.AddPostAsync();
        var person = await TestPeople.SignInAsync(Blog.Services, Roles.Reader);
        await CommentAsync("first-post", person);
        // The smallest GIF there is.
        var gif = Convert.FromBase64String("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==");

        Assert.Null(await ProfileService.ChangePictureAsync(person, new MemoryStream(gif), Cancel));
        var first = (await ProfileService.ReadAsync(person, Cancel)).AvatarId!.Value;
        Assert.Null(await ProfileService.ChangePictureAsync(person, new MemoryStream(gif), Cancel));
        var second = (await ProfileService.ReadAsync(person, Cancel)).AvatarId!.Value;

        Assert.Null(await ProfileService.FindPictureAsync(first, Cancel));
        Assert.NotNull(await ProfileService.FindPictureAsync(second, Cancel));
        var told = await Blog.UseAsync(service => service.ReadChangesAsync(PostId, 2, Cancel));
        Assert.Equal(3, Assert.Single(told!.Rows).Sequence);
        Assert.NotNull(await ProfileService.ChangePictureAsync(person, new MemoryStream("<script>"u8.ToArray()), Cancel));
        Assert.Equal(second, (await ProfileService.ReadAsync(person, Cancel)).AvatarId);

        await ProfileService.RemovePictureAsync(person, Cancel);
        Assert.Null((await ProfileService.ReadAsync(person, Cancel)).AvatarId);
        Assert.Null(await ProfileService.FindPictureAsync(second, Cancel));
    }

    [Fact]
    public async Task An_administrator_gives_and_takes_roles_and_they_count_at_once()
    {
        var boss = await TestPeople.SignInAsync(Blog.Services, Roles.Administrator);
        var person = await TestPeople.SignInAsync(Blog.Services, Roles.Reader);
        var access = Blog.Get<AccessControl>();

        Assert.Null(await ProfileService.SetRoleAsync(boss, person.UserId()!.Value, Roles.Moderator, held: true, Cancel));
        Assert.Null(await ProfileService.SetRoleAsync(boss, person.UserId()!.Value, Roles.Moderator, held: true, Cancel));
        Assert.True(await access.MayAsync(person, Policies.Moderate, Cancel));
        Assert.False(await access.MayAsync(person, Policies.Administer, Cancel));

        Assert.Null(await ProfileService.SetRoleAsync(boss, person.UserId()!.Value, Roles.Moderator, held: false, Cancel));
        Assert.False(await access.MayAsync(person, Policies.Moderate, Cancel));
        Assert.Null(await ProfileService.SetRoleAsync(boss, Guid.NewGuid(), Roles.Moderator, held: true, Cancel));
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        var boss = await TestPeople.SignInAsync(Blog.Services, Roles.Administrator);
        var other = await TestPeople.SignInAsync(Blog.Services, Roles.Administrator);

        Assert.Null(await ProfileService.SetRoleAsync(boss, other.UserId()!.Value, Roles.Administrator, held: false, Cancel));
        Assert.NotNull(await ProfileService.SetRoleAsync(boss, boss.UserId()!.Value, Roles.Administrator, held: false, Cancel));

        Assert.True(await Blog.Get<AccessControl>().MayAsync(boss, Policies.Administer, Cancel));
        await Assert.ThrowsAsync<AccessDeniedException>(() => ProfileService.SetRoleAsync(other, other.UserId()!.Value, Roles.Administrator, held: true, Cancel));
    }

    [Fact]
    public async Task Two_administrators_who_leave_at_once_leave_one()
    {
        DatabaseBlog[] nodes = [Blog, OpenNode()];
        for (var round = 0; round < 10; round++)
        {
            var admins = await Task.WhenAll(nodes.Select(node => TestPeople.SignInAsync(node.Services, Roles.Administrator)));

            var answers = await Task.WhenAll(nodes.Zip(admins, (node, admin) => Task.Run(
                () => node.Get<ProfileService>().SetRoleAsync(admin, admin.UserId()!.Value, Roles.Administrator, held: false, Cancel), Cancel)));

            Assert.Single(answers, answer => answer is not null);
            await using var db = Blog.OpenContext();
            Assert.Equal(1, await db.UserRoles.Where(role => role.RoleId == Roles.IdOf(Roles.Administrator)).ExecuteDeleteAsync(Cancel));
        }
    }

    [Theory]
    [InlineData(Roles.Reader)]
    [InlineData(Roles.Author)]
    [InlineData(Roles.Moderator)]
    public async Task Nobody_else_gives_roles(string role)
    {
        var person = await TestPeople.SignInAsync(Blog.Services, role);

        var refused = await Assert.ThrowsAsync<AccessDeniedException>(
            () => ProfileService.SetRoleAsync(person, person.UserId()!.Value, Roles.Administrator, held: true, Cancel));

        Assert.Equal(Policies.Administer, refused.Policy);
    }

    [Fact]
    public async Task With_a_password_alone_an_administrator_gives_no_roles_unless_the_owner_says_so()
    {
        var user = await TestPeople.AddAsync(Blog.Services, Roles.Administrator);
        var session = await Blog.Get<SignInSessions>().StartAsync(user.Id, SignInMethod.Password, null, Cancel);
        var boss = TestPeople.Principal(user, session);

        await Assert.ThrowsAsync<AccessDeniedException>(() => ProfileService.SetRoleAsync(boss, user.Id, Roles.Author, held: true, Cancel));

        Assert.Null(await OpenNode(settings: ("Admin:RequireTwoFactor", "false")).Get<ProfileService>().SetRoleAsync(boss, user.Id, Roles.Author, held: true, Cancel));
    }

    [Theory]
    [InlineData("ended")]
    [InlineData("stamp")]
    [InlineData("banned")]
    [InlineData("deleted")]
    public async Task Whoever_is_out_does_nothing_any_more(string how)
    {
        var user = await TestPeople.AddAsync(Blog.Services, Roles.Administrator);
        var person = await TestPeople.SignInAsync(Blog.Services, user);
        Assert.NotNull(await ProfileService.ReadAsync(person, Cancel));

        await using var db = Blog.OpenContext();
        await (how switch
        {
            "ended" => Blog.Get<SignInSessions>().EndAsync(user.Id, person.SessionId()!.Value, Cancel),
            "stamp" => db.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.SecurityStamp, "another"), Cancel),
            "banned" => db.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LockoutEnd, DateTimeOffset.MaxValue), Cancel),
            _ => db.Users.Where(row => row.Id == user.Id).ExecuteDeleteAsync(Cancel),
        });

        Func<Task>[] tries =
        [
            () => ProfileService.ReadAsync(person, Cancel),
            () => ProfileService.ChangeAsync(person, "Hana", "", "", Cancel),
            () => ProfileService.ChangePictureAsync(person, Stream.Null, Cancel),
            () => ProfileService.RemovePictureAsync(person, Cancel),
            () => ProfileService.SetRoleAsync(person, user.Id, Roles.Author, held: true, Cancel),
            () => Blog.Get<PersonalData>().ReadAsync(person, Cancel),
            () => Blog.Get<PersonalData>().DeleteAsync(person, keepComments: false, Cancel),
            () => Blog.Get<ThreadModeration>().HideAsync(person, Guid.NewGuid(), Cancel),
        ];
        foreach (var act in tries)
        {
            await Assert.ThrowsAsync<AccessDeniedException>(act);
        }
    }

    private Guid PostId
    {
        get
        {
            using var db = Blog.OpenContext();
            return db.Posts.Select(post => post.Id).Single();
        }
    }

    private async Task CommentAsync(string slug, ClaimsPrincipal person)
    {
        var account = new WritingAccount(person.UserId()!.Value, person.DisplayName(), IsStaff: false);
        var draft = new CommentDraft { Body = $"Hello {Guid.NewGuid()}", IdempotencyKey = Guid.NewGuid().ToString() };
        Assert.IsType<CommentOutcome.Saved>(await Blog.UseAsync(service => service.AddCommentAsync(slug, draft, guestId: null, account, Cancel)));
    }
}

public sealed class SqliteProfileServiceTests(SqliteFiles files) : ProfileServiceTests(files);

public sealed class PostgreSqlProfileServiceTests(PostgreSqlServer server) : ProfileServiceTests(server);
