using System.Security.Claims;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts.SignIn;

public abstract class SignInSessionsTests(IDatabaseServer server) : DatabaseTests(server)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly FakeClock _clock = FakeClock.Standing();
    private DatabaseBlog? _node;

    private DatabaseBlog Node => _node ??= OpenNode(_clock);

    private SignInSessions Sessions => Node.Get<SignInSessions>();

    [Fact]
    public async Task A_sign_in_says_who_it_is_as_the_database_knows_it_now()
    {
        var user = await TestPeople.AddAsync(Node.Services, Roles.Moderator);
        var person = await TestPeople.SignInAsync(Node.Services, user);
        await ChangeAsync(user.Id, row => (row.DisplayName, row.AvatarId) = ("Hana", Guid.Empty));

        var account = await Sessions.FindAsync(person, Cancel);

        Assert.NotNull(account);
        Assert.Equal((user.Id, "Hana", Guid.Empty, SignInMethod.TwoFactor), (account.UserId, account.DisplayName, account.AvatarId, account.Method));
        Assert.Equal([Roles.Moderator, Roles.Reader], account.Roles);
        Assert.Equal(person.SessionId(), account.SessionId);
    }

    [Fact]
    public async Task An_ended_sign_in_is_refused_at_once_on_every_node_and_the_others_go_on()
    {
        var user = await TestPeople.AddAsync(Node.Services, Roles.Reader);
        var (here, there) = (await TestPeople.SignInAsync(Node.Services, user), await TestPeople.SignInAsync(Node.Services, user));
        var other = OpenNode(_clock).Get<SignInSessions>();
        Assert.NotNull(await other.FindAsync(there, Cancel));

        await Sessions.EndAsync(user.Id, there.SessionId()!.Value, Cancel);

        Assert.Null(await Sessions.FindAsync(there, Cancel));
        Assert.Null(await other.FindAsync(there, Cancel));
        Assert.NotNull(await other.FindAsync(here, Cancel));
    }

    [Fact]
    public async Task Nobody_ends_the_sign_in_of_somebody_else()
    {
        var (one, two) = (await TestPeople.SignInAsync(Node.Services, Roles.Reader), await TestPeople.SignInAsync(Node.Services, Roles.Reader));

        await Sessions.EndAsync(one.UserId()!.Value, two.SessionId()!.Value, Cancel);
        await Sessions.EndOthersAsync(one.UserId()!.Value, except: null, Cancel);

        Assert.Null(await Sessions.FindAsync(one, Cancel));
        Assert.NotNull(await Sessions.FindAsync(two, Cancel));
    }

    [Fact]
    public async Task All_but_one_can_be_ended()
    {
        var user = await TestPeople.AddAsync(Node.Services, Roles.Reader);
        var (kept, ended) = (await TestPeople.SignInAsync(Node.Services, user), await TestPeople.SignInAsync(Node.Services, user));

        await Sessions.EndOthersAsync(user.Id, kept.SessionId(), Cancel);

        Assert.NotNull(await Sessions.FindAsync(kept, Cancel));
        Assert.Null(await Sessions.FindAsync(ended, Cancel));
    }

    [Fact]
    public async Task The_sign_ins_of_a_person_are_listed_with_the_latest_first()
    {
        var user = await TestPeople.AddAsync(Node.Services, Roles.Reader);
        var old = await TestPeople.SignInAsync(Node.Services, user, Firefox);
        _clock.Advance(TimeSpan.FromDays(2));
        var fresh = await TestPeople.SignInAsync(Node.Services, user);
        await TestPeople.SignInAsync(Node.Services, Roles.Reader);

        var listed = await Sessions.ListAsync(user.Id, Cancel);

        Assert.Equal([fresh.SessionId(), old.SessionId()], listed.Select(session => (Guid?)session.Id));
        Assert.Equal(["", "Firefox, Linux"], listed.Select(session => session.Browser));
    }

    [Fact]
    public async Task A_sign_in_ends_when_it_is_not_used_for_a_month_and_leaves_with_the_next_one()
    {
        var user = await TestPeople.AddAsync(Node.Services, Roles.Reader);
        var person = await TestPeople.SignInAsync(Node.Services, user);

        _clock.Advance(SignInSessions.Lifetime - TimeSpan.FromSeconds(1));
        Assert.NotNull(await Sessions.FindAsync(person, Cancel));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await Sessions.FindAsync(person, Cancel));
        Assert.Empty(await Sessions.ListAsync(user.Id, Cancel));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await TestPeople.SignInAsync(Node.Services, user);
        Assert.Single(await RowsAsync());
    }

    [Fact]
    public async Task Using_it_keeps_it_and_is_written_down_every_ten_minutes_at_most()
    {
        var person = await TestPeople.SignInAsync(Node.Services, Roles.Reader);
        var begun = _clock.GetUtcNow();

        _clock.Advance(SignInSessions.SeenEvery - TimeSpan.FromSeconds(1));
        await SeeAsync(person);
        Assert.Equal(begun, Assert.Single(await RowsAsync()).LastSeenAt);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await SeeAsync(person);
        Assert.Equal(_clock.GetUtcNow(), Assert.Single(await RowsAsync()).LastSeenAt);

        _clock.Advance(SignInSessions.Lifetime - TimeSpan.FromSeconds(1));
        Assert.NotNull(await Sessions.FindAsync(person, Cancel));
    }

    [Fact]
    public async Task A_changed_stamp_ends_them_all()
    {
        var user = await TestPeople.AddAsync(Node.Services, Roles.Reader);
        var person = await TestPeople.SignInAsync(Node.Services, user);

        await ChangeAsync(user.Id, row => row.SecurityStamp = "another");

        Assert.Null(await Sessions.FindAsync(person, Cancel));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(60 * 24 * 2, false)]
    [InlineData(int.MaxValue, false)]
    public async Task Whoever_is_locked_out_by_a_person_is_out_and_by_wrong_passwords_is_not(int minutes, bool goesOn)
    {
        var user = await TestPeople.AddAsync(Node.Services, Roles.Reader);
        var person = await TestPeople.SignInAsync(Node.Services, user);

        await ChangeAsync(user.Id, row => row.LockoutEnd = minutes == int.MaxValue ? DateTimeOffset.MaxValue : _clock.GetUtcNow().AddMinutes(minutes));

        Assert.Equal(goesOn, await Sessions.FindAsync(person, Cancel) is not null);
    }

    [Fact]
    public async Task A_cookie_of_one_account_does_not_open_the_sign_in_of_another()
    {
        var user = await TestPeople.AddAsync(Node.Services, Roles.Reader);
        var stranger = await TestPeople.SignInAsync(Node.Services, Roles.Reader);

        Assert.Null(await Sessions.FindAsync(TestPeople.Principal(user, stranger.SessionId()!.Value), Cancel));
        Assert.Null(await Sessions.FindAsync(new ClaimsPrincipal(new ClaimsIdentity()), Cancel));
    }

    [Fact]
    public async Task From_many_browsers_at_once_all_are_signed_in_and_what_ran_out_is_swept_up()
    {
        var user = await TestPeople.AddAsync(Node.Services, Roles.Reader);
        for (var i = 0; i < 20; i++)
        {
            await TestPeople.SignInAsync(Node.Services, user);
        }

        _clock.Advance(SignInSessions.Lifetime + TimeSpan.FromDays(1));
        DatabaseBlog[] nodes = [Node, OpenNode(_clock)];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => TestPeople.SignInAsync(nodes[i % 2].Services, user), Cancel)));

        Assert.Equal(8, (await RowsAsync()).Count);
    }

    private async Task SeeAsync(ClaimsPrincipal person) => await Sessions.SeeAsync((await Sessions.FindAsync(person, Cancel))!, Cancel);

    private async Task<List<SignInSession>> RowsAsync()
    {
        await using var db = Node.OpenContext();
        return await db.SignInSessions.AsNoTracking().ToListAsync(Cancel);
    }

    private async Task ChangeAsync(Guid userId, Action<BlogUser> change)
    {
        await using var db = Node.OpenContext();
        change(await db.Users.SingleAsync(user => user.Id == userId, Cancel));
        await db.SaveChangesAsync(Cancel);
    }
}

public sealed class SqliteSignInSessionsTests(SqliteFiles files) : SignInSessionsTests(files);

public sealed class PostgreSqlSignInSessionsTests(PostgreSqlServer server) : SignInSessionsTests(server);
