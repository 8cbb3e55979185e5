using System.Collections.Concurrent;
using System.Diagnostics;

namespace BlazorBlog.Support;

/// <summary>The real program in a process of its own, listening on a free port. It ends with the tests, however they end.</summary>
public sealed class BlogProcess : IAsyncDisposable
{
    private const string Announcement = "Now listening on: ";

    /// <summary>The end of the shell's input, which the system closes when the tests die, kills the program.</summary>
    private const string Script = """
        exec 3<&0
        "$@" &
        program=$!
        { read -r _ <&3; kill -KILL $program; } >/dev/null 2>&1 &
        wait $program
        kill -KILL $!
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;

    private BlogProcess(Process process, ConcurrentQueue<string> output, Uri address)
    {
        _process = process;
        _output = output;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <summary>What it wrote so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <exception cref="InvalidOperationException">It ended before it listened; the message holds what it wrote.</exception>
    public static async Task<BlogProcess> StartAsync(BlogDatabase database, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "blog", "dotnet", typeof(Program).Assembly.Location])
        {
            // Relative files, App_Data and the like, go with the run.
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        foreach (var (key, value) in database.Settings.Select(setting => (setting.Key, setting.Value!)).Concat(settings))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var output = new ConcurrentQueue<string>();
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The program ended.\n" + string.Join('\n', output)));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new BlogProcess(process, output, await listening.Task.WaitAsync(Patience));
        }
        catch
        {
            process.StandardInput.Close();
            throw;
        }

        void Read(string? line)
        {
            output.Enqueue(line ?? "");
            if (line?.IndexOf(Announcement, StringComparison.Ordinal) is >= 0 and var at)
            {
                listening.TrySetResult(new Uri(line[(at + Announcement.Length)..]));
            }
        }
    }

    /// <summary>As power cuts and the kernel do: nothing is finished, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await KillAsync();
        _process.Dispose();
    }
}
