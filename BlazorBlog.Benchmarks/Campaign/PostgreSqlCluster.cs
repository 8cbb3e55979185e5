using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace BlazorBlog.Campaign;

/// <summary>A PostgreSQL server of its own, gone afterwards.</summary>
internal sealed class PostgreSqlCluster : IAsyncDisposable
{
    private const string User = "blog";

    /// <summary>Ends with its input, however this program ends. Arguments: folder of the programs, user, port.</summary>
    private const string Script = """
        folder=$(mktemp -d) || exit 1
        trap 'rm -rf "$folder"' EXIT
        "$1/initdb" --pgdata "$folder/data" --username "$2" --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >/dev/null || exit 1
        "$1/postgres" -D "$folder/data" -p "$3" -k "$folder" -c listen_addresses=127.0.0.1 -c log_min_messages=fatal 2>/dev/null &
        cat >/dev/null
        kill -QUIT $!
        wait
        """;

    private readonly Process _shell;

    private PostgreSqlCluster(Process shell, string connectionString) => (_shell, ConnectionString) = (shell, connectionString);

    /// <summary>Of an empty database.</summary>
    public string ConnectionString { get; }

    /// <summary>Null where PostgreSQL is not installed (Debian: <c>apt-get install postgresql</c>).</summary>
    public static async Task<PostgreSqlCluster?> StartAsync()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            : null;
        if (programs is null)
        {
            return null;
        }

        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        string[] shell = ["/bin/sh", "-c", Script, "postgresql", programs, User, $"{port}"];
        // PostgreSQL refuses to run as root; Debian's package brings a user for it.
        string[] command = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", .. shell] : shell;
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/", RedirectStandardInput = true })!;
        var server = $"Host=127.0.0.1;Port={port};Username={User};Database=postgres";
        await WaitAsync(server);
        return new PostgreSqlCluster(process, server);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private static async Task WaitAsync(string server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(server);
                await connection.OpenAsync(patience.Token);
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
            }
        }
    }
}
