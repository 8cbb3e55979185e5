using BlazorBlog.Data;

namespace BlazorBlog.Support;

/// <summary>Tests on a migrated database of their own, which one node has open.</summary>
public abstract class DatabaseTests(IDatabaseServer server) : IAsyncLifetime
{
    private readonly List<DatabaseBlog> _nodes = [];

    /// <summary>For work that must end; generous, because machines are slow at times.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected BlogDatabase Database { get; private set; } = new(DatabaseProvider.Sqlite, "");

    protected DatabaseBlog Blog => _nodes[0];

    public async ValueTask InitializeAsync()
    {
        Database = await server.CreateMigratedAsync();
        OpenNode();
    }

    /// <summary>Another node on the same database.</summary>
    protected DatabaseBlog OpenNode(TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var node = DatabaseBlog.Open(Database, time, settings: settings);
        _nodes.Add(node);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
