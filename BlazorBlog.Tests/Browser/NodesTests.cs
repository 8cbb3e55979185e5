using BlazorBlog.Support;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>Two processes on one database are one blog to their readers.</summary>
public abstract class NodesTests(IDatabaseServer server, Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    protected const string Slug = "nodes";

    private readonly TemporaryDirectory _directory = new();

    protected BlogProcess One { get; private set; } = null!;

    protected BlogProcess Two { get; private set; } = null!;

    /// <summary>A third one, in this process.</summary>
    protected DatabaseBlog Node { get; private set; } = null!;

    protected Chromium Chromium => chromium;

    public async ValueTask InitializeAsync()
    {
        var database = await server.CreateAsync();
        One = await BlogProcess.StartAsync(_directory.Path, database);
        Two = await BlogProcess.StartAsync(_directory.Path, database);
        Node = DatabaseBlog.Open(database);
        await Node.AddPostAsync(Slug);
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await One.DisposeAsync();
        await Two.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_posted_on_one_node_is_seen_on_the_other()
    {
        var ada = await chromium.OpenPostAsync(One.Address, Slug);
        var ben = await chromium.OpenPostAsync(Two.Address, Slug);

        var root = await ada.CommentAsync("Ada", "Posted on one");
        await Expect(ben.Card(root)).ToContainTextAsync("Posted on one");
        var reply = await ben.ReplyAsync(root, "Ben", "Answered on two");
        await Expect(ada.Card(reply)).ToContainTextAsync("Answered on two");

        await ada.ExpectEqualToDatabaseAsync(Node, Slug);
        await ben.ExpectEqualToDatabaseAsync(Node, Slug);
        await ada.ExpectNotReloadedAsync();
        await ben.ExpectNotReloadedAsync();
    }

    [Fact]
    public async Task A_page_of_one_node_starts_its_circuit_on_the_other()
    {
        await using var link = new NetworkLink(One.Address);
        var page = await chromium.OpenAsync(link.Address);
        var blazor = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/blazor.web*.js", async route =>
        {
            await blazor.Task;
            await route.ContinueAsync();
        });
        // The last file before Blazor's own script; the rest of the page is there by then.
        var live = page.WaitForResponseAsync("**/live*.js");
        await page.GotoAsync($"/posts/{Slug}", new() { WaitUntil = Microsoft.Playwright.WaitUntilState.Commit });
        await (await live).FinishedAsync();
        link.Cut();
        link.LeadTo(Two.Address);
        blazor.SetResult();
        await page.ExpectLiveAsync();

        using var answer = await One.CommentAsync(Slug, "From the node that made the page");
        await page.ExpectEqualToDatabaseAsync(Node, Slug);
    }
}

public sealed class SqliteNodesTests(SqliteFiles files, Chromium chromium) : NodesTests(files, chromium);

public sealed class PostgreSqlNodesTests(PostgreSqlServer server, Chromium chromium) : NodesTests(server, chromium);

/// <summary>On a server of its own, for it goes down in the middle.</summary>
public sealed class DatabaseRestartTests(RestartedServer server, Chromium chromium) : NodesTests(server, chromium), IClassFixture<RestartedServer>
{
    [Fact]
    public async Task After_a_restart_of_the_database_every_reader_is_equal_to_it_again()
    {
        var ada = await Chromium.OpenPostAsync(One.Address, Slug);
        var ben = await Chromium.OpenPostAsync(Two.Address, Slug);
        await ada.CommentAsync("Ada", "Before");
        await ben.ExpectEqualToDatabaseAsync(Node, Slug);

        await server.RestartAsync();
        await Eventually.WaitUntilAsync(
            async () =>
            {
                using var answer = await Two.CommentAsync(Slug, "After");
                return (int)answer.StatusCode == 303;
            },
            "comments were taken again");

        await ada.ExpectEqualToDatabaseAsync(Node, Slug);
        await ben.ExpectEqualToDatabaseAsync(Node, Slug);
        await ada.CommentAsync("Ada", "And on");
        await ben.ExpectEqualToDatabaseAsync(Node, Slug);
        await ada.ExpectNotReloadedAsync();
        await ben.ExpectNotReloadedAsync();
    }
}

/// <summary>A PostgreSQL server of one class alone.</summary>
public sealed class RestartedServer : IDatabaseServer, IAsyncDisposable
{
    private readonly PostgreSqlServer _server = new();

    public Task<BlogDatabase> CreateAsync() => _server.CreateAsync();

    public Task RestartAsync() => _server.RestartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
