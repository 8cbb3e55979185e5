using System.Diagnostics;
using System.Threading.Channels;

namespace BlazorBlog.Servers;

/// <summary>A server in a process of its own, killed at the end.</summary>
internal sealed class ChildServer : IDisposable
{
    private const string Announcement = "open at ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<ServerMemory> _measured = Channel.CreateUnbounded<ServerMemory>();

    private ChildServer(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>As the server printed it.</summary>
    public Uri Address { get; }

    /// <summary>Runs a program with <c>dotnet</c> and waits until it prints "open at" and its address.</summary>
    /// <exception cref="InvalidOperationException">It ended before that.</exception>
    public static async Task<ChildServer> StartAsync(string program, IEnumerable<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(Announcement, StringComparison.Ordinal) is var at and >= 0)
            {
                var server = new ChildServer(process, new Uri(line[(at + Announcement.Length)..]));
                _ = server.ReadOnAsync();
                return server;
            }
        }

        throw new InvalidOperationException($"{Path.GetFileName(program)} ended before it listened.");
    }

    /// <summary>For <see cref="StartAsync"/>, from the other side.</summary>
    public static void Announce(string address) => Console.WriteLine(Announcement + address);

    /// <summary>Sends it a signal, such as <c>STOP</c> or <c>CONT</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>What the process holds after a full garbage collection, if it runs <see cref="MemoryGauge"/>.</summary>
    /// <exception cref="OperationCanceledException">It did not answer within half a minute.</exception>
    public async Task<ServerMemory> MeasureMemoryAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.StandardInput.WriteLineAsync(MemoryGauge.Question.AsMemory(), patience.Token);
        await _process.StandardInput.FlushAsync(patience.Token);
        return await _measured.Reader.ReadAsync(patience.Token);
    }

    public void Dispose()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Reads away also what nobody wants to know, or a full pipe would stop the server.</summary>
    private async Task ReadOnAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (ServerMemory.TryParse(line) is { } memory)
            {
                _measured.Writer.TryWrite(memory);
            }
        }
    }
}
