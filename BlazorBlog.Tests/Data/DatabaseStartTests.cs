using System.Net;
using System.Net.Sockets;
using BlazorBlog.Support;

namespace BlazorBlog.Data;

/// <summary>What the real program does with its database when it starts.</summary>
public sealed class DatabaseStartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_SQLite_nothing_of_SqlClient_is_loaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Which files a process has loaded is read from /proc.");
        using var directory = new TemporaryDirectory();
        await MigratedSqlite.CopyWithPostAsync(directory.File("blog.db"), "a-post");
        await using var blog = await BlogProcess.StartAsync(directory.Path);
        using var home = await blog.Http.GetAsync("/", Cancel);
        Assert.Equal(HttpStatusCode.OK, home.StatusCode);
        using var ready = await blog.Http.GetAsync("/healthz/ready", Cancel);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);

        var files = await blog.ReadLoadedFilesAsync();

        Assert.Contains("Microsoft.Data.Sqlite.dll", files);
        Assert.DoesNotContain(files, file => file.Contains("SqlClient", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(DatabaseProvider.SqlServer, "Server=127.0.0.1,{0};Database=Blog;User Id=blog;Password=a-secret;Encrypt=false")]
    [InlineData(DatabaseProvider.PostgreSql, "Host=127.0.0.1;Port={0};Database=blog;Username=blog;Password=a-secret")]
    public async Task A_server_that_is_not_there_ends_the_start_soon_with_a_sentence(DatabaseProvider provider, string connection)
    {
        // Bound and not listening: nobody else takes the port, and whoever connects is refused.
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var directory = new TemporaryDirectory();

        var (exitCode, errors) = await BlogProcess.RunAsync(directory.Path, new Dictionary<string, string>
        {
            ["Database__Provider"] = provider.ToString(),
            ["ConnectionStrings__Blog"] = string.Format(null, connection, ((IPEndPoint)closed.LocalEndPoint!).Port),
        });

        Assert.Equal(1, exitCode);
        Assert.StartsWith("ConnectionStrings:Blog: the database at ", errors, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", errors, StringComparison.Ordinal);
    }
}
