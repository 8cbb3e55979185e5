namespace BlazorBlog.Servers;

/// <summary>
/// A directory for the files of one benchmark, gone afterwards. It stands beside the program, because the system's temporary directory
/// may be memory, where a durable commit costs nothing.
/// </summary>
internal sealed class Scratch : IDisposable
{
    public Scratch()
    {
        Path = Directory.CreateDirectory(System.IO.Path.Combine(AppContext.BaseDirectory, "scratch", Guid.NewGuid().ToString("N"))).FullName;
        if (new DriveInfo(Path).DriveFormat is "tmpfs" or "ramfs")
        {
            throw new InvalidOperationException($"{Path} is memory, where commits are not durable. Run the benchmarks from a disk.");
        }
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
