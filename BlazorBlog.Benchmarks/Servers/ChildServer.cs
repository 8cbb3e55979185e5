using System.Diagnostics;

namespace BlazorBlog.Servers;

/// <summary>A server in a process of its own, killed at the end.</summary>
internal sealed class ChildServer : IDisposable
{
    private const string Announcement = "open at ";

    private readonly Process _process;

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
                // What it prints later is read away, or a full pipe would stop it.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new ChildServer(process, new Uri(line[(at + Announcement.Length)..]));
            }
        }

        throw new InvalidOperationException($"{Path.GetFileName(program)} ended before it listened.");
    }

    /// <summary>For <see cref="StartAsync"/>, from the other side.</summary>
    public static void Announce(string address) => Console.WriteLine(Announcement + address);

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
}
