using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlazorBlog.Data;
using BlazorBlog.Support;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace BlazorBlog.Support;

/// <summary>
/// A PostgreSQL cluster of this test run alone, started for the first test that asks for a database. Where PostgreSQL is missing, tests
/// are skipped and say how to get it; with <c>CI=true</c> they fail.
/// </summary>
public sealed class PostgreSqlServer : IDatabaseServer, IAsyncDisposable
{
    private const string User = "blog";

    /// <summary>
    /// The shell waits for the end of its input, which the system closes however the tests end, and then takes the cluster away. A line
    /// before that stops and starts the server. Arguments: folder of the programs, user, port. Nothing here must survive a power cut, so nothing waits for the disk.
    /// </summary>
    private const string Script = """
        folder=$(mktemp -d "${TMPDIR:-/tmp}/blazorblog-postgresql-XXXXXX") || exit 1
        trap 'rm -rf "$folder"' EXIT
        "$1/initdb" --pgdata "$folder/data" --username "$2" --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >/dev/null || exit 1
        programs=$1 port=$3
        start() {
          "$programs/postgres" -D "$folder/data" -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 -c max_connections=300 \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c log_min_messages=fatal -c log_min_error_statement=panic &
          server=$!
        }
        start
        while read -r _; do
          kill -INT "$server"
          wait "$server"
          start
        done
        kill -QUIT "$server"
        wait
        """;

    private static readonly string? Programs = FindPrograms();

    private readonly Lazy<Task<string>> _started;
    private readonly Lazy<Task<string>> _template;
    private readonly StringBuilder _complaints = new();
    private Process? _shell;

    public PostgreSqlServer() => (_started, _template) = (new(StartAsync), new(MigrateAsync));

    public async Task<BlogDatabase> CreateAsync()
    {
        var database = await NameAsync();
        await CreateAsync(database, "template1");
        return database;
    }

    public async Task<BlogDatabase> CreateMigratedAsync()
    {
        var database = await NameAsync();
        await CreateAsync(database, await _template.Value);
        return database;
    }

    /// <summary>A database that nobody has created yet: the blog's first start does.</summary>
    public async Task<BlogDatabase> NameAsync()
    {
        SkipWithoutPrograms();
        var server = await _started.Value;
        return new BlogDatabase(DatabaseProvider.PostgreSql, new NpgsqlConnectionStringBuilder(server) { Database = $"blog_{Guid.NewGuid():N}" }.ConnectionString);
    }

    /// <summary>Stops the server, with every connection to it, and starts it again.</summary>
    public async Task RestartAsync()
    {
        var server = await _started.Value;
        await using var before = new NpgsqlConnection(server);
        await before.OpenAsync();
        await _shell!.StandardInput.WriteLineAsync("restart");
        await Eventually.WaitUntilAsync(
            async () =>
            {
                try
                {
                    await using var alive = new NpgsqlCommand("SELECT 1", before);
                    await alive.ExecuteScalarAsync();
                    return false;
                }
                catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
                {
                    return true;
                }
            },
            "the server closed its connections");
        NpgsqlConnection.ClearAllPools();
        await ListeningAsync(server);
    }

    public async ValueTask DisposeAsync()
    {
        if (_shell is null)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private async Task CreateAsync(BlogDatabase database, string template)
    {
        await using var connection = new NpgsqlConnection(await _started.Value);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {NameOf(database)} TEMPLATE {template}", connection);
        await create.ExecuteNonQueryAsync();
    }

    /// <returns>The name of a database with the whole schema to which nobody is connected: the server copies no other.</returns>
    private async Task<string> MigrateAsync()
    {
        var database = await CreateAsync();
        await using var blog = DatabaseBlog.Open(database);
        await blog.MigrateAsync();
        return NameOf(database);
    }

    private static string NameOf(BlogDatabase database) => new NpgsqlConnectionStringBuilder(database.ConnectionString).Database!;

    private static void SkipWithoutPrograms()
    {
        if (Programs is null)
        {
            const string reason = "No PostgreSQL here. Install it (Debian: apt-get install postgresql) or name the folder of its programs in the environment variable POSTGRESQL_BIN.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }
    }

    private static string? FindPrograms()
    {
        var debian = new DirectoryInfo("/usr/lib/postgresql");
        DirectoryInfo[] versions = debian.Exists ? debian.GetDirectories() : [];
        return versions.OrderByDescending(version => double.TryParse(version.Name, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(version => Path.Combine(version.FullName, "bin"))
            .Prepend(Environment.GetEnvironmentVariable("POSTGRESQL_BIN") ?? "")
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }

    private async Task<string> StartAsync()
    {
        var port = FreePort();
        string[] shell = ["/bin/sh", "-c", Script, "postgresql", Programs!, User, $"{port}"];
        // PostgreSQL refuses to run as root; Debian's package brings a user for it.
        string[] command = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", .. shell] : shell;
        _shell = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..])
            {
                WorkingDirectory = "/",
                RedirectStandardInput = true,
                RedirectStandardError = true,
            },
        };
        _shell.ErrorDataReceived += (_, line) =>
        {
            lock (_complaints)
            {
                _complaints.AppendLine(line.Data);
            }
        };
        _shell.Start();
        _shell.BeginErrorReadLine();

        var server = $"Host=127.0.0.1;Port={port};Username={User};Database=postgres";
        await ListeningAsync(server);
        return server;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task ListeningAsync(string server) => Eventually.WaitUntilAsync(
        async () =>
        {
            try
            {
                await using var connection = new NpgsqlConnection(server);
                await connection.OpenAsync(TestContext.Current.CancellationToken);
                return true;
            }
            catch (NpgsqlException) when (!_shell!.HasExited)
            {
                return false;
            }
            catch (NpgsqlException exception)
            {
                lock (_complaints)
                {
                    throw new InvalidOperationException($"PostgreSQL did not start. {_complaints}", exception);
                }
            }
        },
        "PostgreSQL took connections");
}
