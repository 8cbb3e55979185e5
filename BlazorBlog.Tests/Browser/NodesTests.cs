using BlazorBlog.Support;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>Two processes on one database are one blog to their readers.</summary>
public abstract class NodesTests(TwoNodes nodes, Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task What_is_posted_on_one_node_is_seen_on_the_other()
    {
        var slug = await nodes.NewPostAsync();
        var ada = await chromium.OpenPostAsync(nodes.One.Address, slug);
        var ben = await chromium.OpenPostAsync(nodes.Two.Address, slug);

        var root = await ada.CommentAsync("Ada", "Posted on one");
        await Expect(ben.Card(root)).ToContainTextAsync("Posted on one");
        var reply = await ben.ReplyAsync(root, "Ben", "Answered on two");
        await Expect(ada.Card(reply)).ToContainTextAsync("Answered on two");

        await ada.ExpectEqualToDatabaseAsync(nodes.Node, slug);
        await ben.ExpectEqualToDatabaseAsync(nodes.Node, slug);
        await ada.ExpectNotReloadedAsync();
        await ben.ExpectNotReloadedAsync();
    }

    [Fact]
    public async Task A_page_of_one_node_starts_its_circuit_on_the_other()
    {
        var slug = await nodes.NewPostAsync();
        await using var link = new NetworkLink(nodes.One.Address);
        var page = await chromium.OpenAsync(link.Address);
        var blazor = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/blazor.web*.js", async route =>
        {
            await blazor.Task;
            await route.ContinueAsync();
        });
        // The last file before Blazor's own script; the rest of the page is there by then.
        var live = page.WaitForResponseAsync("**/live*.js");
        await page.GotoAsync($"/posts/{slug}", new() { WaitUntil = Microsoft.Playwright.WaitUntilState.Commit });
        await (await live).FinishedAsync();
        link.Cut();
        link.LeadTo(nodes.Two.Address);
        blazor.SetResult();
        await page.ExpectLiveAsync();

        using var answer = await nodes.One.CommentAsync(slug, "From the node that made the page");
        await page.ExpectEqualToDatabaseAsync(nodes.Node, slug);
    }
}

public sealed class SqliteNodesTests(SqliteNodes nodes, Chromium chromium) : NodesTests(nodes, chromium), IClassFixture<SqliteNodes>;

public sealed class PostgreSqlNodesTests(PostgreSqlNodes nodes, Chromium chromium) : NodesTests(nodes, chromium), IClassFixture<PostgreSqlNodes>;

/// <summary>On a server of its own, for it goes down in the middle.</summary>
public sealed class DatabaseRestartTests(RestartedNodes nodes, Chromium chromium) : IClassFixture<RestartedNodes>, IClassFixture<Chromium>
{
    [Fact]
    public async Task After_a_restart_of_the_database_every_reader_is_equal_to_it_again()
    {
        var slug = await nodes.NewPostAsync();
        var ada = await chromium.OpenPostAsync(nodes.One.Address, slug);
        var ben = await chromium.OpenPostAsync(nodes.Two.Address, slug);
        await ada.CommentAsync("Ada", "Before");
        await ben.ExpectEqualToDatabaseAsync(nodes.Node, slug);

        await nodes.RestartDatabaseAsync();
        await Eventually.WaitUntilAsync(
            async () =>
            {
                using var answer = await nodes.Two.CommentAsync(slug, "After");
                return (int)answer.StatusCode == 303;
            },
            "comments were taken again");

        await ada.ExpectEqualToDatabaseAsync(nodes.Node, slug);
        await ben.ExpectEqualToDatabaseAsync(nodes.Node, slug);
        await ada.CommentAsync("Ada", "And on");
        await ben.ExpectEqualToDatabaseAsync(nodes.Node, slug);
        await ada.ExpectNotReloadedAsync();
        await ben.ExpectNotReloadedAsync();
    }
}

/// <summary>Two processes of a blog on one database, for the tests of a class; each test takes a post of its own.</summary>
public abstract class TwoNodes(IDatabaseServer server) : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private int _posts;

    public BlogProcess One { get; private set; } = null!;

    public BlogProcess Two { get; private set; } = null!;

    /// <summary>A third one, in this process.</summary>
    public DatabaseBlog Node { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var database = await server.CreateMigratedAsync();
        Node = DatabaseBlog.Open(database);
        // The post first: a blog that has one is not filled with content at its start.
        await NewPostAsync();
        One = await BlogProcess.StartAsync(_directory.Path, database);
        Two = await BlogProcess.StartAsync(_directory.Path, database);
    }

    /// <summary>The address of a new post.</summary>
    public async Task<string> NewPostAsync() => (await Node.AddPostAsync($"nodes-{Interlocked.Increment(ref _posts)}")).Slug;

    public virtual async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await One.DisposeAsync();
        await Two.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class SqliteNodes(SqliteFiles files) : TwoNodes(files);

public sealed class PostgreSqlNodes(PostgreSqlServer server) : TwoNodes(server);

/// <summary>On a PostgreSQL server of one class alone.</summary>
public sealed class RestartedNodes : TwoNodes
{
    private readonly PostgreSqlServer _server;

    public RestartedNodes() : this(new PostgreSqlServer())
    {
    }

    private RestartedNodes(PostgreSqlServer server) : base(server) => _server = server;

    public Task RestartDatabaseAsync() => _server.RestartAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }
}
