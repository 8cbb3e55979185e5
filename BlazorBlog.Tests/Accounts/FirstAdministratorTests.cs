using BlazorBlog.Comments.Posting;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Accounts;

public abstract class FirstAdministratorTests(IDatabaseServer server) : DatabaseTests(server)
{
    private const string Address = "Boss@example.com";
    private const string Password = "correct horse battery";

    private static readonly (string, string)[] Settings = [("Admin:Email", Address), ("Admin:Password", Password)];

    [Fact]
    public async Task The_settings_make_one_and_a_restart_none()
    {
        await PrepareAsync(OpenNode(settings: Settings));
        await PrepareAsync(OpenNode(settings: [("Admin:Email", "another@example.com"), ("Admin:Password", Password)]));

        var user = Assert.Single(await UsersAsync());
        Assert.Equal(("Boss", Address, true), (user.DisplayName, user.Email, user.EmailConfirmed));
        Assert.Equal([Roles.Administrator, Roles.Reader], await RolesAsync(user));
        Assert.True(await MaySignInAsync(Address.ToLowerInvariant(), Password));
    }

    [Fact]
    public async Task Nodes_that_start_together_make_one()
    {
        var nodes = Enumerable.Range(0, 4).Select(_ => OpenNode(settings: Settings)).ToList();

        await Task.WhenAll(nodes.Select(node => Task.Run(() => PrepareAsync(node), Cancel))).WaitAsync(Patience, Cancel);

        Assert.Equal([Roles.Administrator, Roles.Reader], await RolesAsync(Assert.Single(await UsersAsync())));
    }

    [Fact]
    public async Task People_who_open_the_link_together_become_one()
    {
        DatabaseBlog[] nodes = [Blog, OpenNode(), OpenNode()];

        var made = await Task.WhenAll(nodes.Select((node, i) => Task.Run(
            () => node.Get<FirstAdministrator>().CreateAsync($"Person {i}", $"person{i}@example.com", Password, Cancel), Cancel))).WaitAsync(Patience, Cancel);

        Assert.Equal(Assert.Single(made, user => user is not null)!.Id, Assert.Single(await UsersAsync()).Id);
    }

    [Fact]
    public async Task Whoever_has_the_address_already_becomes_it_and_can_sign_in()
    {
        // As an author of the time before accounts: neither confirmed nor with a password.
        var author = await TestPeople.AddAsync(Blog.Services, Roles.Reader, user => (user.Email, user.EmailConfirmed, user.DisplayName) = ("boss@example.com", false, "Ada"));

        await PrepareAsync(OpenNode(settings: Settings));

        var user = Assert.Single(await UsersAsync());
        Assert.Equal((author.Id, "Ada"), (user.Id, user.DisplayName));
        Assert.Contains(Roles.Administrator, await RolesAsync(user));
        Assert.True(await MaySignInAsync(Address, Password));
    }

    [Fact]
    public async Task Without_settings_the_log_has_a_link_that_any_node_takes_until_there_is_one()
    {
        using var log = new LoggedLines();
        var token = await LinkOfAsync(log);
        var first = Blog.Get<FirstAdministrator>();
        Assert.True(await first.IsOpenAsync(token, Cancel));

        Assert.NotNull(await first.CreateAsync("Hana", "hana@example.com", Password, Cancel));

        Assert.False(await first.IsOpenAsync(token, Cancel));
        Assert.Null(await first.CreateAsync("Mallory", "mallory@example.com", Password, Cancel));
        Assert.Single(await UsersAsync());
        Assert.True(await MaySignInAsync("hana@example.com", Password));
    }

    [Fact]
    public async Task A_link_that_was_changed_or_made_for_something_else_opens_nothing()
    {
        using var log = new LoggedLines();
        var token = await LinkOfAsync(log);
        var first = Blog.Get<FirstAdministrator>();
        var middle = token.Length / 2;
        string[] links = ["", "x", token[..^6], $"{token[..middle]}{(token[middle] == 'A' ? 'B' : 'A')}{token[(middle + 1)..]}", Blog.Get<FormTime>().Now()];

        foreach (var link in links)
        {
            Assert.False(await first.IsOpenAsync(link, Cancel));
        }

        Assert.True(await first.IsOpenAsync(token, Cancel));
    }

    [Fact]
    public async Task Where_there_is_an_administrator_no_link_is_offered()
    {
        await TestPeople.AddAsync(Blog.Services, Roles.Administrator);

        Assert.Null(await Blog.Get<FirstAdministrator>().PrepareAsync(Cancel));
    }

    private static Task PrepareAsync(DatabaseBlog node) => node.Get<FirstAdministrator>().PrepareAsync(Cancel);

    private DatabaseBlog OpenLogging(LoggedLines log) => DatabaseBlog.Open(
        Database, configure: services => services.AddLogging(logging => logging.AddProvider(log)), settings: ("Site:BaseUrl", "https://blog.example"));

    private async Task<string> LinkOfAsync(LoggedLines log)
    {
        const string start = "https://blog.example/account/setup/";
        await using var node = OpenLogging(log);
        var first = node.Get<FirstAdministrator>();
        first.Announce(new Uri(new Uri("https://blog.example"), await first.PrepareAsync(Cancel)));
        var line = Assert.Single(log.Lines.Items, line => line.Contains(start, StringComparison.Ordinal));
        return line[(line.IndexOf(start, StringComparison.Ordinal) + start.Length)..].Trim();
    }

    private async Task<List<BlogUser>> UsersAsync()
    {
        await using var db = Blog.OpenContext();
        return await db.Users.AsNoTracking().ToListAsync(Cancel);
    }

    private async Task<List<string>> RolesAsync(BlogUser user)
    {
        await using var db = Blog.OpenContext();
        return await db.UserRoles.Where(held => held.UserId == user.Id).Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role.Name!).Order().ToListAsync(Cancel);
    }

    /// <summary>As far as the form to sign in asks.</summary>
    private async Task<bool> MaySignInAsync(string email, string password)
    {
        await using var scope = Blog.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<BlogUser>>();
        return await users.FindByEmailAsync(email) is { EmailConfirmed: true } user && await users.CheckPasswordAsync(user, password);
    }
}

public sealed class SqliteFirstAdministratorTests(SqliteFiles files) : FirstAdministratorTests(files);

public sealed class PostgreSqlFirstAdministratorTests(PostgreSqlServer server) : FirstAdministratorTests(server);
