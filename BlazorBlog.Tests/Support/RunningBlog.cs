namespace BlazorBlog.Support;

/// <summary>The program as a newcomer runs it, in a process of its own, with its seed content, for the browser tests of a class.</summary>
public sealed class RunningBlog : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private BlogProcess? _process;

    public BlogProcess Process => _process ?? throw new InvalidOperationException("The blog was not started.");

    public async ValueTask InitializeAsync()
    {
        await MigratedSqlite.CopyToAsync(_directory.File("blog.db"));
        _process = await BlogProcess.StartAsync(_directory.Path);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }
}
