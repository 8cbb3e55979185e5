using System.Diagnostics;
using System.Reflection;

namespace BlazorBlog.Servers;

/// <summary>
/// The program as it is installed. Beside the benchmarks it lies without its scripts and styles, and those are compressed only when it is
/// published.
/// </summary>
internal static class PublishedBlog
{
    public const string HowToGet = "run it inside the repository, from which the program is published";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The blog's project file, from which this program was built; null outside the repository.</summary>
    public static string? FindProject()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var project = Path.Combine(directory.FullName, "BlazorBlog", "BlazorBlog.csproj");
            if (File.Exists(project))
            {
                return project;
            }
        }

        return null;
    }

    /// <summary>Writes the program into <paramref name="directory"/>, as it was built together with this one.</summary>
    /// <exception cref="InvalidOperationException">It could not be published.</exception>
    /// <exception cref="OperationCanceledException">It took longer than three minutes.</exception>
    public static async Task WriteAsync(string project, string directory)
    {
        var configuration = typeof(PublishedBlog).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var start = new ProcessStartInfo("dotnet", ["publish", project, "--no-build", "--configuration", configuration, "--output", directory])
        {
            RedirectStandardOutput = true,
        };
        using var publish = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var output = await publish.StandardOutput.ReadToEndAsync(patience.Token);
        await publish.WaitForExitAsync(patience.Token);
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException($"The blog could not be published:{Environment.NewLine}{output}");
        }
    }
}
