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

    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        // Hashing at full cost is processor time of every sign-in. Programs in a process of their own keep it.
        BlogSignIns.Hashing.IterationCount = 1;
        if (Environment.GetEnvironmentVariable("TMPDIR") is null && Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > MemoryNeeded)
        {
            // For this process, the browser, PostgreSQL and every program that the tests start.
            Environment.SetEnvironmentVariable("TMPDIR", Memory);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync() => ValueTask.CompletedTask;
}
