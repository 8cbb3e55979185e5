using BlazorBlog.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data.Keys;

public abstract class DatabaseXmlRepositoryTests(IDatabaseServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task What_one_node_protects_another_reads_and_so_does_the_next_start()
    {
        var secret = Protector(Blog).Protect("guest 1");

        Assert.Equal("guest 1", Protector(OpenNode()).Unprotect(secret));

        await using var db = Blog.OpenContext();
        Assert.Equal(1, await db.DataProtectionKeys.CountAsync(Cancel));
    }

    [Fact]
    public async Task Nodes_that_start_at_once_read_each_other()
    {
        DatabaseBlog[] nodes = [Blog, OpenNode(), OpenNode()];

        var secrets = await Task.WhenAll(nodes.Select(node => Task.Run(() => Protector(node).Protect("guest 1"), Cancel)));

        foreach (var node in nodes)
        {
            Assert.All(secrets, secret => Assert.Equal("guest 1", Protector(node).Unprotect(secret)));
        }
    }

    private static IDataProtector Protector(DatabaseBlog node) => node.Get<IDataProtectionProvider>().CreateProtector("test");
}

public sealed class SqliteDatabaseXmlRepositoryTests(SqliteFiles files) : DatabaseXmlRepositoryTests(files);

public sealed class PostgreSqlDatabaseXmlRepositoryTests(PostgreSqlServer server) : DatabaseXmlRepositoryTests(server);
