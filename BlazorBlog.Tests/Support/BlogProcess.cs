using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace BlazorBlog.Support;

/// <summary>The real program in a process of its own, on a free port, with a database and an outbox in a directory of the test's.</summary>
public sealed class BlogProcess : IAsyncDisposable
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(60);

    private static readonly string[] ProjectRoot = ["--contentRoot", Path.Combine(Repository.Root, "BlazorBlog")];

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private BlogProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) =>
        {
            Read(line.Data);
            if (line.Data is not null)
            {
                _errors.Enqueue(line.Data);
            }
        };
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"The blog ended before it listened:{Environment.NewLine}{Output}"));
    }

    public HttpClient Http { get; private set; } = new();

    public Uri Address => Http.BaseAddress!;

    /// <summary>What the program printed so far.</summary>
    public string Output => string.Join(Environment.NewLine, _output);

    /// <summary>Starts the blog of a newcomer and waits until it listens.</summary>
    /// <param name="directory">Holds its SQLite file and outbox; starting again with the same one is a restart.</param>
    /// <param name="settings">Environment variables, <c>Email__Host</c> and the like.</param>
    /// <param name="startFrom">Where the shell stands, which becomes the content root; null for <paramref name="directory"/> and the project's own root.</param>
    /// <exception cref="InvalidOperationException">It ended before it listened; the message holds what it printed.</exception>
    public static Task<BlogProcess> StartAsync(string directory, IReadOnlyDictionary<string, string>? settings = null, string? startFrom = null) =>
        StartAsync(startFrom ?? directory, startFrom is null ? ProjectRoot : [], Newcomer(directory, settings));

    /// <summary>Starts a newcomer's blog, with its scripts and styles, on a database that others may use too.</summary>
    public static Task<BlogProcess> StartAsync(string directory, BlogDatabase database, params (string Key, string Value)[] settings) => StartAsync(
        directory,
        database.Settings.Select(setting => (setting.Key, setting.Value!)).Concat(settings)
            .ToDictionary(setting => setting.Item1.Replace(":", "__", StringComparison.Ordinal), setting => setting.Item2));

    /// <summary>Starts a node in production on a database that others may use too, and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended before it listened; the message holds what it printed.</exception>
    public static Task<BlogProcess> StartAsync(BlogDatabase database, params (string Key, string Value)[] settings) => StartAsync(
        AppContext.BaseDirectory,
        [],
        database.Settings.Select(setting => (setting.Key, setting.Value!)).Concat(settings).Append(("ASPNETCORE_ENVIRONMENT", "Production"))
            .ToDictionary(setting => setting.Item1.Replace(":", "__", StringComparison.Ordinal), setting => setting.Item2));

    /// <summary>Runs a newcomer's blog that is expected to end by itself.</summary>
    /// <returns>Its exit code and everything it wrote to standard error.</returns>
    public static async Task<(int ExitCode, string Errors)> RunAsync(string directory, IReadOnlyDictionary<string, string> settings)
    {
        await using var blog = Launch(directory, ProjectRoot, Newcomer(directory, settings));
        await blog.WaitForExitAsync();
        return (blog._process.ExitCode, string.Join(Environment.NewLine, blog._errors));
    }

    /// <summary>Posts a comment through the plain form.</summary>
    public Task<HttpResponseMessage> CommentAsync(string slug, string body, string name = "Ines", string parentId = "") => Http.PostAsync(
        new Uri($"/posts/{slug}/comments", UriKind.Relative),
        new FormUrlEncodedContent(new Dictionary<string, string> { ["Name"] = name, ["Email"] = "", ["Body"] = body, ["ParentId"] = parentId }),
        TestContext.Current.CancellationToken);

    /// <summary>Whether the program has read an assembly so far.</summary>
    /// <param name="file">Its file name.</param>
    public bool HasLoaded(string file) => File.ReadAllText($"/proc/{_process.Id}/maps").Contains($"/{file}", StringComparison.Ordinal);

    /// <summary>Waits for an end that the program finds by itself.</summary>
    public Task WaitForExitAsync() => _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Cap, TestContext.Current.CancellationToken);

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager stops it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Http.Dispose();
        _process.Dispose();
    }

    private static Dictionary<string, string> Newcomer(string directory, IReadOnlyDictionary<string, string>? settings)
    {
        var outbox = Path.Combine(directory, "outbox");
        var all = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Blog"] = $"Data Source={Path.Combine(directory, "blog.db")}",
            ["Email__Directory"] = outbox,
            ["Sms__Directory"] = outbox,
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
        {
            all[key] = value;
        }

        return all;
    }

    private static async Task<BlogProcess> StartAsync(string workingDirectory, string[] arguments, Dictionary<string, string> environment)
    {
        var blog = Launch(workingDirectory, arguments, environment);
        try
        {
            var address = await blog._address.Task.WaitAsync(Cap, TestContext.Current.CancellationToken);
            blog.Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
            return blog;
        }
        catch
        {
            await blog.DisposeAsync();
            throw;
        }
    }

    private static BlogProcess Launch(string workingDirectory, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "BlazorBlog.dll"), "--urls", "http://127.0.0.1:0", .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // As in the tests' own process.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var blog = new BlogProcess(start);
        blog._process.Start();
        blog._process.BeginOutputReadLine();
        blog._process.BeginErrorReadLine();
        return blog;
    }

    private void Read(string? line)
    {
        const string open = " is open at ";
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.IndexOf(open, StringComparison.Ordinal) is > 0 and var at)
        {
            _address.TrySetResult(new Uri(line[(at + open.Length)..].Trim()));
        }
    }
}
