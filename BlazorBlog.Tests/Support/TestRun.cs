using BlazorBlog.Accounts;
using BlazorBlog.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(TestRun))]

namespace BlazorBlog.Support;

/// <summary>What holds for all tests, before the first of them.</summary>
public sealed class TestRun : ITestPipelineStartup
{
    private const string Memory = "/dev/shm";

    /// <summary>Bytes: the databases of a whole run, the browser's profile and PostgreSQL's log take about half of it.</summary>
    private const long MemoryNeeded = 4L << 30;

    private DirectoryInfo? _folder;

    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        // Hashing at full cost is processor time of every sign-in. Programs in a process of their own keep it.
        BlogSignIns.Hashing.IterationCount = 1;
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("TMPDIR") is null && Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > MemoryNeeded)
        {
            // For this process, the browser, every program that the tests start, and PostgreSQL, which runs as another user.
            _folder = Directory.CreateDirectory($"{Memory}/blazorblog-{Guid.NewGuid():N}");
            _folder.UnixFileMode = UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111;
            Environment.SetEnvironmentVariable("TMPDIR", _folder.FullName);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync()
    {
        // Killed programs leave the runtime's sockets there.
        _folder?.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
